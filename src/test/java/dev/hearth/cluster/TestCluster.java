package dev.hearth.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hearth.local.kube.KubernetesBinaries;
import dev.hearth.testing.Words;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.awaitility.Awaitility;

/**
 * The contributor's cluster under a name of its own: real kubelets in two regions with the chart in namespace
 * {@code hearth}. {@code scripts/test} removes it; a test that breaks something leaves it to {@link #deployed} to mend.
 */
final class TestCluster {
    static final String NAMESPACE = "hearth";
    static final List<String> REGIONS = List.of("local", "eu-west");

    private static final String NAME = "test";
    private static final Path HOME = Path.of(".hearth", NAME);
    private static final ObjectMapper JSON = new ObjectMapper();
    /** Images, node, chart and browsers from nothing; a second time takes seconds. */
    private static final Duration DEPLOYING = Duration.ofMinutes(20);

    /** For what a test needs and promises nothing about: six Chromes more take minutes on a busy machine. */
    static final Duration PATIENCE = Duration.ofMinutes(6);

    private final Words words;
    private final String helm;
    private final String kubectl;

    private TestCluster() {
        var environment = new HashMap<String, String>();
        environment.put(
                "KUBECONFIG", HOME.resolve("kubeconfig").toAbsolutePath().toString());
        environment.put("HEARTH_CLUSTER", NAME);
        environment.put("HEARTH_REGIONS", String.join(" ", REGIONS));
        environment.put(
                "DOCKER_HOST",
                new Words(Map.of(), DEPLOYING)
                        .ok(List.of("scripts/container-engine"))
                        .strip());
        words = new Words(environment, DEPLOYING);
        helm = words.ok(List.of("scripts/helm")).strip();
        kubectl = KubernetesBinaries.find(System.getenv()).kubectl().toString();
    }

    /** As {@code make deploy} leaves it: the chart with its standard values, two warm browsers in each region. */
    static TestCluster deployed() {
        var cluster = new TestCluster();
        cluster.words.ok(List.of("scripts/deploy"));
        return cluster;
    }

    Api api() {
        try {
            var key = Base64.getDecoder()
                    .decode(kubectl("get", "secret", "hearth-api-key", "-o", "jsonpath={.data.key}"));
            return new Api(
                    java.net.URI.create(Files.readString(HOME.resolve("url")).strip()),
                    new String(key, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** In the release's namespace, unless the arguments name another. */
    String kubectl(String... arguments) {
        return words.ok(command(arguments));
    }

    Words.Said tryKubectl(String... arguments) {
        return words.run(command(arguments));
    }

    private List<String> command(String... arguments) {
        var command = new ArrayList<>(List.of(kubectl, "-n", NAMESPACE));
        command.addAll(Arrays.asList(arguments));
        return command;
    }

    void apply(String yaml) {
        try {
            var file = Files.createTempFile("hearth-cluster", ".yaml");
            Files.writeString(file, yaml);
            kubectl("apply", "-f", file.toString());
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String helm(String... arguments) {
        var command = new ArrayList<>(List.of(helm, "-n", NAMESPACE));
        command.addAll(Arrays.asList(arguments));
        return words.ok(command);
    }

    /** In the container that is the whole cluster: its processes are all nodes' and the control plane's. */
    String inside(String script) {
        var name = words.ok(List.of("docker", "ps", "--filter", "name=^hearth-" + NAME + "-", "--format", "{{.Names}}"))
                .strip();
        return words.ok(List.of("docker", "exec", name, "bash", "-c", script));
    }

    /** Runs a script of src/test/node against the gateways and reads the line of JSON that it reports. */
    JsonNode node(String script, String... arguments) {
        var environment = new HashMap<>(words.environment());
        environment.put("HEARTH_URL", api().url().toString());
        environment.put("HEARTH_API_KEY", api().key());
        environment.put("HEARTH_PAGE", "inline");
        var command = new ArrayList<>(List.of("node", "src/test/node/" + script));
        command.addAll(Arrays.asList(arguments));
        return json(new Words(environment, Duration.ofMinutes(2)).ok(command));
    }

    void pool(String name, String region, int replicas, int maxBrowsers, String more) {
        wish(name, region, replicas, maxBrowsers, more);
        awaitWarm(name, replicas, PATIENCE);
    }

    /** A pool that need not become warm. */
    void wish(String name, String region, int replicas, int maxBrowsers, String more) {
        apply("""
                apiVersion: hearth.dev/v1alpha1
                kind: BrowserPool
                metadata: {name: %s, namespace: hearth}
                spec:
                  region: %s
                  replicas: %d
                  limits: {maxBrowsers: %d}
                  browser: {image: "hearth.dev/browser:0.1.0"}
                %s
                """.formatted(name, region, replicas, maxBrowsers, more.indent(2)));
    }

    /** Ends its sessions, too. */
    void deletePool(String name) {
        kubectl("patch", "bp", name, "--type=merge", "-p", "{\"spec\":{\"deletionPolicy\":\"Terminate\"}}");
        kubectl("delete", "bp", name, "--timeout=" + PATIENCE.toSeconds() + "s");
    }

    void awaitWarm(String pool, int warm, Duration patience) {
        Awaitility.await(pool + " to have " + warm + " warm browsers")
                .atMost(patience)
                .ignoreException(AssertionError.class)
                .until(() -> kubectl("get", "bp", pool, "-o", "jsonpath={.status.warm}/{.status.starting}")
                        .matches(warm + "/0?"));
    }

    /** Until the status knows of claims: what it says of warm ones may be from before them. */
    void awaitClaimed(String pool, int claimed, Duration patience) {
        Awaitility.await(pool + " to have " + claimed + " claimed browsers")
                .atMost(patience)
                .ignoreException(AssertionError.class)
                .until(() -> kubectl("get", "bp", pool, "-o", "jsonpath={.status.claimed}")
                        .equals(Integer.toString(claimed)));
    }

    /** The pool's pods that are not on their way out. */
    List<JsonNode> pods(String pool) {
        var list = json(kubectl("get", "pods", "-l", "hearth.dev/pool=" + pool, "-o", "json"));
        return StreamSupport.stream(list.path("items").spliterator(), false)
                .filter(pod -> pod.path("metadata").path("deletionTimestamp").isMissingNode())
                .toList();
    }

    /** The one pod of the pool that is claimed; the label follows the claim by moments. */
    String claimedPod(String pool) {
        return Awaitility.await("one claimed browser in " + pool)
                .atMost(PATIENCE)
                .until(
                        () -> kubectl(
                                        "get",
                                        "pods",
                                        "-l",
                                        "hearth.dev/state=claimed,hearth.dev/pool=" + pool,
                                        "-o",
                                        "jsonpath={.items[*].metadata.name}")
                                .strip(),
                        names -> !names.isEmpty() && !names.contains(" "));
    }

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(text, e);
        }
    }
}
