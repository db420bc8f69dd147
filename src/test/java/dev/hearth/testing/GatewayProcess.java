package dev.hearth.testing;

import dev.hearth.local.ChildProcesses;
import dev.hearth.local.FreePorts;
import dev.hearth.testing.postgres.DatabaseAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;

/** The packaged application as a gateway and nothing else: a process that can be killed. It dies with the test JVM. */
public final class GatewayProcess implements AutoCloseable {
    private static final Path RUNNABLE = Path.of("target/quarkus-app/quarkus-run.jar");
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final int ATTEMPTS = 3;

    private final Process process;
    private final int port;
    private final int management;
    private final int ingest;

    private GatewayProcess(Process process, int port, int management, int ingest) {
        this.process = process;
        this.port = port;
        this.management = management;
        this.ingest = ingest;
    }

    /** Returns when it is ready for clients. */
    public static GatewayProcess start(Path directory, DatabaseAddress database, Path signingKey, String region) {
        return start(directory, database, signingKey, region, List.of("-Xmx384m"));
    }

    /** @param options for its JVM, settings as {@code -D…} among them */
    public static GatewayProcess start(
            Path directory, DatabaseAddress database, Path signingKey, String region, List<String> options) {
        var log = directory.resolve("gateway.log");
        for (var attempt = 1; ; attempt++) {
            empty(log);
            var gateway = launch(log, database, signingKey, region, options);
            if (gateway.isUp(log)) {
                return gateway;
            }
            if (attempt == ATTEMPTS || !lostAPort(log)) {
                throw new IllegalStateException("the gateway stopped: see " + log);
            }
        }
    }

    private static void empty(Path log) {
        try {
            Files.createDirectories(log.getParent());
            Files.deleteIfExists(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** It binds its ports seconds after they were chosen: others may have them by then. */
    private static boolean lostAPort(Path log) {
        try {
            var said = Files.readString(log);
            return said.contains("Address already in use") || said.contains("seems to be in use by another process");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static GatewayProcess launch(
            Path log, DatabaseAddress database, Path signingKey, String region, List<String> options) {
        var ports = FreePorts.loopback(3);
        var settings = Map.of(
                "hearth.roles", "gateway",
                "hearth.gateway.port", Integer.toString(ports.get(0)),
                "hearth.management.port", Integer.toString(ports.get(1)),
                "hearth.ingest.listen", "127.0.0.1:" + ports.get(2),
                "hearth.gateway.region", region,
                "hearth.gateway.signing-key-file", signingKey.toAbsolutePath().toString(),
                "hearth.store.control.url", database.url(),
                "hearth.store.control.user", database.user());
        var command = new ArrayList<>(TestJvm.command());
        command.addAll(options);
        settings.forEach((key, value) -> command.add("-D" + key + "=" + value));
        command.addAll(List.of("-jar", RUNNABLE.toAbsolutePath().toString()));
        var process = ChildProcesses.start(new ChildProcesses.Spec(
                command, Map.of("HEARTH_STORE_CONTROL_PASSWORD", database.password()), false, null, log, "KILL"));
        return new GatewayProcess(process, ports.get(0), ports.get(1), ports.get(2));
    }

    /** Returns when it is ready or has stopped. */
    private boolean isUp(Path log) {
        Awaitility.await("the gateway to be ready; its output is in " + log)
                .atMost(Duration.ofSeconds(90))
                .until(() -> !process.isAlive() || isReady());
        return process.isAlive();
    }

    public int port() {
        return port;
    }

    /** Where agents' beats go. */
    public int ingestPort() {
        return ingest;
    }

    public long pid() {
        return process.pid();
    }

    private boolean isReady() {
        try {
            return get("/q/health/ready").statusCode() == 200;
        } catch (UncheckedIOException notYet) {
            return false;
        }
    }

    /** What it counts, in Prometheus' words. */
    public String metrics() {
        return get("/q/metrics").body();
    }

    private java.net.http.HttpResponse<String> get(String path) {
        try {
            return HTTP.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + management + path))
                            .timeout(Duration.ofSeconds(10))
                            .build(),
                    BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** As {@code kill -9}: not a word to anybody. */
    public void kill() {
        ChildProcesses.signal(process, "KILL");
    }

    /** As Kubernetes stops it: it may end in its own time. */
    public void stop() {
        ChildProcesses.signal(process, "TERM");
    }

    /** @return false: it still runs */
    public boolean awaitEnd(Duration patience) throws InterruptedException {
        return process.waitFor(patience);
    }

    @Override
    public void close() {
        ChildProcesses.stop(process, "KILL", Duration.ofSeconds(10));
    }
}
