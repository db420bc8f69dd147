package dev.hearth.app;

import dev.hearth.gateway.GatewayKeys;
import dev.hearth.local.FreePorts;
import dev.hearth.local.LocalFailure;
import dev.hearth.local.kube.ControlPlane;
import dev.hearth.local.kube.KubernetesBinaries;
import dev.hearth.local.postgres.EmbeddedPostgres;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Everything that local mode brings besides Hearth itself: PostgreSQL, a control plane and its first objects. It is there
 * before the application starts, and stopped after it.
 */
record LocalMachine(
        LocalHome home,
        EmbeddedPostgres postgres,
        ControlPlane controlPlane,
        KubernetesClient client,
        Path chromium,
        String apiKey,
        Ports ports,
        Progress progress)
        implements AutoCloseable {
    /** Where the claim endpoint listens unless {@code HEARTH_PORT} says otherwise. */
    private static final int PORT = 8700;

    record Ports(int http, int management, int ingest) {}

    static LocalMachine start(Map<String, String> environment, Path here, Progress progress) {
        var port = port(environment);
        var binaries = KubernetesBinaries.find(environment);
        var chromium = chromium(environment);
        var home = LocalHome.open(Path.of(
                environment.getOrDefault("HEARTH_HOME", here.resolve(".hearth").toString())));
        home.removeEnvironment();
        // Two cores are enough to have both ready in the time of the slower one.
        var postgres = CompletableFuture.supplyAsync(
                () -> progress.step("PostgreSQL 18", () -> EmbeddedPostgres.start(home.postgres())));
        try {
            var controlPlane = progress.step(
                    "Kubernetes " + KubernetesBinaries.VERSION + " control plane",
                    () -> ControlPlane.start(binaries, home.kubernetes(), EnumSet.allOf(ControlPlane.Part.class)));
            var client = client(controlPlane);
            var objects = new LocalObjects(client);
            var key = progress.step("CRDs, an API key and two sample pools", () -> {
                objects.applyCrds();
                objects.samplePools();
                return objects.apiKey();
            });
            var free = FreePorts.loopback(2);
            return new LocalMachine(
                    home,
                    postgres.join(),
                    controlPlane,
                    client,
                    chromium,
                    key,
                    new Ports(port, free.get(0), free.get(1)),
                    progress);
        } catch (CompletionException failed) {
            throw failed.getCause() instanceof RuntimeException cause ? cause : failed;
        }
    }

    /** What the application is configured with on this machine. */
    Map<String, String> settings() {
        if (!Files.exists(home.signingKey())) {
            GatewayKeys.generate(home.signingKey());
        }
        return Map.ofEntries(
                Map.entry("quarkus.http.host", "127.0.0.1"),
                Map.entry("quarkus.http.port", Integer.toString(ports.http())),
                Map.entry("quarkus.management.host", "127.0.0.1"),
                Map.entry("quarkus.management.port", Integer.toString(ports.management())),
                Map.entry("hearth.store.control.url", postgres.jdbcUrl()),
                Map.entry("hearth.store.control.user", postgres.user()),
                Map.entry("hearth.store.control.password", postgres.password()),
                Map.entry("hearth.gateway.signing-key-file", home.signingKey().toString()),
                Map.entry("hearth.gateway.region", "local-east"),
                Map.entry("hearth.gateway.drain", "1s"),
                Map.entry("hearth.ingest.listen", "127.0.0.1:" + ports.ingest()),
                Map.entry(
                        "hearth.endpoints.kubeconfig", controlPlane.kubeconfig().toString()),
                Map.entry("hearth.endpoints.public-host", "127.0.0.1:" + ports.http()),
                Map.entry("hearth.operator.agent-image", "hearth.dev/agent:local"),
                Map.entry("hearth.endpoints.ingest", "127.0.0.1:" + ports.ingest()),
                Map.entry("hearth.operator.leader-election", "false"),
                // One small database on the same machine: asking often costs nothing, and a claim's successor starts at
                // once.
                Map.entry("hearth.operator.poll", "100ms"),
                // The terminal belongs to the steps; what Hearth does is in the file.
                Map.entry("quarkus.log.console.level", "ERROR"),
                Map.entry("quarkus.log.file.enabled", "true"),
                Map.entry("quarkus.log.file.path", home.log().toString()));
    }

    @Override
    public void close() {
        home.removeEnvironment();
        client.close();
        controlPlane.close();
        postgres.close();
        home.close();
    }

    private static KubernetesClient client(ControlPlane controlPlane) throws LocalFailure {
        try {
            return new KubernetesClientBuilder()
                    .withConfig(Config.fromKubeconfig(Files.readString(controlPlane.kubeconfig())))
                    .build();
        } catch (IOException unreadable) {
            throw new LocalFailure("cannot read " + controlPlane.kubeconfig(), "check its owner", unreadable);
        }
    }

    private static int port(Map<String, String> environment) {
        var wanted = environment.getOrDefault("HEARTH_PORT", Integer.toString(PORT));
        try (var probe = new ServerSocket(Integer.parseInt(wanted), 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        } catch (IllegalArgumentException malformed) {
            throw new LocalFailure("HEARTH_PORT is \"" + wanted + "\"", "give a port number, 1…65535", malformed);
        } catch (IOException taken) {
            throw new LocalFailure(
                    "port " + wanted + " is taken",
                    "stop what listens there, or choose another: HEARTH_PORT=8701 make run",
                    taken);
        }
    }

    private static Path chromium(Map<String, String> environment) {
        var own = environment.get("HEARTH_CHROMIUM");
        if (own != null && !own.isBlank()) {
            return executable(Path.of(own));
        }
        for (var directory : environment.getOrDefault("PATH", "").split(":", -1)) {
            for (var name : new String[] {"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"}) {
                var candidate = Path.of(directory, name);
                if (Files.isExecutable(candidate)) {
                    return candidate;
                }
            }
        }
        throw new LocalFailure(
                "no Chromium on this machine",
                "install one (Debian: sudo apt-get install chromium), or set HEARTH_CHROMIUM");
    }

    private static Path executable(Path program) {
        if (!Files.isExecutable(program)) {
            throw new LocalFailure(
                    "HEARTH_CHROMIUM is " + program + ", which cannot be run", "give the path of a Chromium");
        }
        return program;
    }
}
