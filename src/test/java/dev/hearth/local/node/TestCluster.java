package dev.hearth.local.node;

import dev.hearth.local.kube.ControlPlane;
import dev.hearth.local.kube.KubernetesBinaries;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;

/** A real control plane with its real scheduler, a client, and the programs that test pods may run. */
final class TestCluster {
    static final LocalImages IMAGES = new LocalImages(List.of(
            new LocalImages.Image(
                    "hearth.test/tools:*",
                    "sh",
                    Map.of(
                            "sh", LocalImages.Program.of(List.of("/bin/sh")),
                            "sleep", LocalImages.Program.of(List.of("/bin/sleep")),
                            "python3", LocalImages.Program.of(List.of("/usr/bin/python3")))),
            new LocalImages.Image(
                    "hearth.test/chrome:*",
                    "chromium",
                    Map.of("chromium", LocalImages.Program.chromium(Path.of("/usr/bin/chromium"))))));

    private static @Nullable TestCluster shared;

    final ControlPlane plane;
    final KubernetesClient client;
    final Path directory;

    private TestCluster(ControlPlane plane, Path directory) throws IOException {
        this.plane = plane;
        this.directory = directory;
        this.client = new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(Files.readString(plane.kubeconfig())))
                .build();
    }

    private static TestCluster start(Path directory) throws IOException {
        var plane = ControlPlane.start(
                KubernetesBinaries.find(System.getenv()),
                directory.resolve("plane"),
                EnumSet.allOf(ControlPlane.Part.class));
        return new TestCluster(plane, directory);
    }

    /** One for all classes: who uses it ends with {@link #forgetPods}. */
    static synchronized TestCluster shared() throws IOException {
        if (shared == null) {
            var started = start(Files.createTempDirectory("hearth-test-cluster"));
            Runtime.getRuntime().addShutdownHook(new Thread(started::close));
            shared = started;
        }
        return shared;
    }

    static LocalNode.Options options(Path directory) {
        return new LocalNode.Options(
                directory.resolve("node"),
                List.of(new LocalNode.Member("eu", "eu-a"), new LocalNode.Member("us", "us-a")),
                IMAGES);
    }

    LocalNode localNode() {
        return LocalNode.start(client, options(directory));
    }

    Pod create(String yaml) {
        return client.resource(client.getKubernetesSerialization().unmarshal(yaml, Pod.class))
                .inNamespace("default")
                .create();
    }

    @Nullable
    Pod pod(String name) {
        return client.pods().inNamespace("default").withName(name).get();
    }

    void delete(String name, long grace) {
        client.pods()
                .inNamespace("default")
                .withName(name)
                .withGracePeriod(grace)
                .delete();
    }

    Pod awaitPod(String name, Predicate<Pod> expected) {
        return patience().alias("pod " + name).until(() -> pod(name), pod -> pod != null && expected.test(pod));
    }

    Pod awaitPhase(String name, String phase) {
        return awaitPod(name, pod -> phase.equals(pod.getStatus().getPhase()));
    }

    Pod awaitReady(String name) {
        return awaitPod(name, pod -> condition(pod, "Ready"));
    }

    void forgetPods() {
        var pods = client.pods().inNamespace("default");
        pods.withGracePeriod(0).delete();
        patience().alias("no pods").until(() -> pods.list().getItems().isEmpty());
    }

    void awaitGone(String name) {
        patience().alias("pod " + name + " gone").until(() -> pod(name) == null);
    }

    static boolean condition(Pod pod, String type) {
        return pod.getStatus().getConditions().stream()
                .anyMatch(c -> c.getType().equals(type) && c.getStatus().equals("True"));
    }

    /** Long, for a machine that has other tests to run: a scheduler of its own has seen no node for 20 s there. */
    static ConditionFactory patience() {
        return Awaitility.await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(50));
    }

    /** The real kubectl. */
    String kubectl(String... arguments) throws IOException, InterruptedException {
        var process = startKubectl(arguments);
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output;
    }

    Process startKubectl(String... arguments) throws IOException {
        var command = new ArrayList<>(List.of(
                plane.binaries().kubectl().toString(),
                "--kubeconfig",
                plane.kubeconfig().toString()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    /** Live processes whose command line holds {@code text}. */
    static List<Long> processesWith(String text) {
        return ProcessHandle.allProcesses()
                .map(ProcessHandle::pid)
                .filter(pid -> commandLine(pid).contains(text))
                .toList();
    }

    static String commandLine(long pid) {
        try {
            return Files.readString(Path.of("/proc/%d/cmdline".formatted(pid)), StandardCharsets.ISO_8859_1)
                    .replace('\0', ' ');
        } catch (IOException gone) {
            return "";
        }
    }

    private void close() {
        client.close();
        plane.close();
    }
}
