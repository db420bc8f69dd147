package dev.hearth.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hearth.local.ChildProcesses;
import dev.hearth.local.FreePorts;
import dev.hearth.local.kube.KubernetesBinaries;
import dev.hearth.testing.TestJvm;
import dev.hearth.testing.Words;
import dev.hearth.testing.postgres.DatabaseAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * The packaged application in local mode, as {@code make run} starts it: a process of its own, with its own directory,
 * ports and browsers. It dies with the test JVM.
 */
public final class RunningHearth implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path RUNNABLE = Path.of("target/quarkus-app/quarkus-run.jar");
    /** A warm start takes under 20 s here; a loaded machine gets nine times that. */
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private static RunningHearth shared;

    private final HttpClient http = HttpClient.newHttpClient();
    private final Path home;
    private final Process process;
    private final Map<String, String> environment;

    private RunningHearth(Path home, Process process) {
        this.home = home;
        this.process = process;
        this.environment = environment(home.resolve("env"));
    }

    /** One for all journeys that leave the next one what they found. */
    static synchronized RunningHearth shared() {
        if (shared == null || !shared.process.isAlive()) {
            shared = start(Path.of("target/e2e/shared-" + TestJvm.FORK));
        }
        return shared;
    }

    /** Starts on what the directory holds from earlier, and returns when the claim endpoint is up and pools are warm. */
    public static RunningHearth start(Path home) {
        try {
            Files.createDirectories(home);
            Files.deleteIfExists(home.resolve("env"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var log = home.resolve("hearth.log");
        var process = ChildProcesses.start(new ChildProcesses.Spec(
                withItsOwnSignals(TestJvm.command(
                        "-Xmx512m",
                        "--enable-native-access=ALL-UNNAMED",
                        "-jar",
                        RUNNABLE.toAbsolutePath().toString(),
                        "local")),
                Map.of(
                        "HEARTH_HOME", home.toAbsolutePath().toString(),
                        "HEARTH_PORT", Integer.toString(FreePorts.loopback(1).getFirst())),
                false,
                null,
                log,
                "KILL"));
        Awaitility.await("Hearth to be warm; its output is in " + log)
                .atMost(PATIENCE)
                .failFast("Hearth stopped: see " + log, () -> !process.isAlive())
                .until(() -> Files.exists(home.resolve("env")));
        return new RunningHearth(home, process);
    }

    /** Where tests run in the background, Ctrl-C is ignored by everything that they start. */
    private static List<String> withItsOwnSignals(List<String> command) {
        return Stream.concat(Stream.of("env", "--default-signal=INT"), command.stream())
                .toList();
    }

    Path home() {
        return home;
    }

    /** Its own PostgreSQL, for a second gateway beside it. */
    DatabaseAddress database() {
        try {
            var postgres = home.resolve("postgres");
            var port = Files.readAllLines(postgres.resolve("data").resolve("postmaster.pid"))
                    .get(3)
                    .strip();
            return new DatabaseAddress(
                    "jdbc:postgresql://127.0.0.1:" + port + "/hearth",
                    "hearth",
                    Files.readString(postgres.resolve("password")).strip());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Process process() {
        return process;
    }

    URI url() {
        return URI.create(value("HEARTH_URL"));
    }

    String key() {
        return value("HEARTH_API_KEY");
    }

    public HttpClient http() {
        return http;
    }

    public HttpResponse<String> post(String path, String body) {
        return send(request(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    public HttpResponse<String> get(String path) {
        return send(request(path).GET());
    }

    /** As a patient client does: where none is warm, comes again until there is one. */
    public JsonNode claim(String body) {
        var answer = Awaitility.await("a warm browser")
                .atMost(Pools.PATIENCE)
                .until(() -> post("/v1/sessions", body), response -> response.statusCode() != 503);
        assertThat(answer.statusCode()).as(answer.body()).isIn(200, 201);
        return json(answer);
    }

    JsonNode session(String id) {
        return json(get("/v1/sessions/" + id));
    }

    public void release(String id) {
        assertThat(post("/v1/sessions/" + id, "{\"status\":\"REQUEST_RELEASE\"}")
                        .statusCode())
                .isEqualTo(200);
    }

    public static JsonNode json(HttpResponse<String> response) {
        try {
            return JSON.readTree(response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(response.body(), e);
        }
    }

    /** Runs the real kubectl; its output, after asserting that it succeeded. */
    public String kubectl(String... arguments) {
        var command = new ArrayList<String>();
        command.add(KubernetesBinaries.find(System.getenv()).kubectl().toString());
        command.addAll(Arrays.asList(arguments));
        return run(command, Map.of("KUBECONFIG", value("KUBECONFIG")), Duration.ofSeconds(90));
    }

    /** Applies YAML as a user would. */
    public void apply(String yaml) {
        try {
            var file = Files.createTempFile(home, "apply", ".yaml");
            Files.writeString(file, yaml);
            kubectl("apply", "-f", file.toString());
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs a script of src/test/node and reads the line of JSON that it reports. */
    JsonNode node(String script, String... arguments) {
        return report("node", "src/test/node/" + script, arguments);
    }

    /** As {@link #node}, of src/test/python. */
    JsonNode python(String script, String... arguments) {
        return report("src/test/python/.venv/bin/python", "src/test/python/" + script, arguments);
    }

    private JsonNode report(String interpreter, String script, String... arguments) {
        var command = new ArrayList<>(List.of(interpreter, script));
        command.addAll(Arrays.asList(arguments));
        var output = asClient(command);
        try {
            return JSON.readTree(output);
        } catch (IOException e) {
            throw new UncheckedIOException(output, e);
        }
    }

    /** Runs a program that knows this Hearth's URL and key by its environment; its output, after asserting success. */
    String asClient(List<String> command) {
        return run(command, Map.of("HEARTH_URL", value("HEARTH_URL"), "HEARTH_API_KEY", key()), Duration.ofMinutes(4));
    }

    /**
     * Live processes that belong to this Hearth: their command line or environment names its directory, or its node's.
     * Zombies do not count.
     */
    List<ProcessHandle> processes() {
        var marks = Stream.concat(Stream.of(home.toAbsolutePath().toString()), nodeMark())
                .toList();
        return ProcessHandle.allProcesses()
                .filter(handle -> handle.pid() != ProcessHandle.current().pid())
                .filter(handle -> marks.stream()
                        .anyMatch(mark -> commandLine(handle.pid()).contains(mark)
                                || environ(handle.pid()).contains(mark)))
                .filter(handle -> !isZombie(handle.pid()))
                .toList();
    }

    /** The main process of the Chrome in this pod. */
    ProcessHandle chrome(String podUid) {
        return chromes(podUid)
                .filter(handle -> !commandLine(handle.pid()).contains("--type="))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no Chrome runs in pod " + podUid));
    }

    Stream<ProcessHandle> renderers(String podUid) {
        return chromes(podUid).filter(handle -> commandLine(handle.pid()).contains("--type=renderer"));
    }

    private Stream<ProcessHandle> chromes(String podUid) {
        return processes().stream()
                .filter(handle -> profile(handle.pid()).toString().contains(podUid));
    }

    /** Where a Chromium process keeps its profile, links followed; empty for other processes. */
    private static Path profile(long pid) {
        return commandLine(pid)
                .lines()
                .flatMap(line -> Arrays.stream(line.split("[\0 ]", -1)))
                .filter(argument -> argument.startsWith("--user-data-dir="))
                .map(argument -> Path.of(argument.substring("--user-data-dir=".length())))
                .findFirst()
                .map(RunningHearth::real)
                .orElse(Path.of(""));
    }

    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException gone) {
            return path;
        }
    }

    /** Pods run under a short link that carries the node's id. */
    private Stream<String> nodeMark() {
        try {
            return Stream.of(
                    "hearth-" + Files.readString(home.resolve("node-id")).strip());
        } catch (IOException noNodeYet) {
            return Stream.empty();
        }
    }

    @Override
    public void close() {
        ChildProcesses.stop(process, "INT", Duration.ofSeconds(30));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(url().resolve(path))
                .header("X-BB-API-Key", key())
                .timeout(Duration.ofSeconds(30));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private String value(String name) {
        return environment.get(name);
    }

    private static String run(List<String> command, Map<String, String> environment, Duration patience) {
        return new Words(environment, patience).ok(command);
    }

    private static Map<String, String> environment(Path file) {
        try (var lines = Files.lines(file)) {
            return lines.filter(line -> line.startsWith("export "))
                    .map(line -> line.substring("export ".length()).split("=", 2))
                    .collect(java.util.stream.Collectors.toMap(pair -> pair[0], pair -> pair[1].replace("'", "")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String commandLine(long pid) {
        return read(pid, "cmdline");
    }

    private static String environ(long pid) {
        return read(pid, "environ");
    }

    private static boolean isZombie(long pid) {
        return read(pid, "status").contains("State:\tZ") || read(pid, "status").isEmpty();
    }

    private static String read(long pid, String what) {
        try {
            return Files.readString(
                    Path.of("/proc", Long.toString(pid), what), java.nio.charset.StandardCharsets.ISO_8859_1);
        } catch (IOException gone) {
            return "";
        }
    }
}
