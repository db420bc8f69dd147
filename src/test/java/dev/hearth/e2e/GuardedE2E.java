package dev.hearth.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Sessions with egress rules, asked for with Browserbase's own SDK, in a pool whose browsers go out through their agents. */
class GuardedE2E {
    private static final RunningHearth HEARTH = RunningHearth.shared();

    @Test
    @Proves(
            client = StockClient.BROWSERBASE_NODE,
            calls = {
                "sessions.create({browserSettings: {allowedDomains}})",
                "sessions.create({proxies: [{type: \"external\"}]})"
            })
    void aSessionGoesWhereItsRulesSayByTheProxiesTheySay() throws IOException {
        var secret = "pw" + UUID.randomUUID().toString().replace("-", "");
        var key = "key-" + UUID.randomUUID();
        // A project of its own: others' claims with rules are to find no guarded pool.
        HEARTH.apply("""
                apiVersion: v1
                kind: Namespace
                metadata: {name: guarded}
                ---
                apiVersion: v1
                kind: Secret
                metadata: {name: key, namespace: guarded, labels: {hearth.dev/api-key: ""}}
                stringData: {key: %s}
                ---
                apiVersion: hearth.dev/v1alpha1
                kind: BrowserPool
                metadata: {name: open, namespace: guarded}
                spec:
                  region: local-west
                  replicas: 0
                  browser: {image: hearth.dev/browser:local}
                ---
                apiVersion: hearth.dev/v1alpha1
                kind: BrowserPool
                metadata: {name: guarded, namespace: guarded}
                spec:
                  region: local-east
                  replicas: 2
                  limits: {maxBrowsers: 4}
                  egress: Guarded
                  egressAllow: [127.0.0.1/32]
                  sessionRecords: All
                  browser: {image: hearth.dev/browser:local}
                """.formatted(key));
        var pools = new Pools(HEARTH);
        pools.awaitWarm("guarded", "guarded", 2);

        var seen = HEARTH.node("guarded.mjs", "guarded", secret, key);

        assertThat(seen.path("elsewhere").toString())
                .isEqualTo("[[422,\"allowed-domains-unsupported\"],[422,\"proxies-unsupported\"],"
                        + "[422,\"proxies-unsupported\"]]");
        assertThat(seen.path("allowed").toString()).startsWith("[200,\"127.0.0.1:");
        assertThat(seen.path("socket").asText()).isEqualTo("there and back");
        assertThat(seen.path("through").toString()).isEqualTo("[200,\"by the proxy\"]");
        assertThat(seen.path("socketThrough").asText()).isEqualTo("there and back");
        assertThat(seen.path("asked").toString()).contains("GET http://far.test/", "CONNECT far.test:80");
        assertThat(seen.path("asked").toString()).doesNotContain("127.0.0");
        assertThat(seen.path("notAllowed").toString()).isEqualTo("[403,\"allowed-domains\",\"127.0.0.2\"]");
        assertThat(seen.path("private").toString()).isEqualTo("[403,\"private\",\"10.0.0.1\"]");
        assertThat(seen.path("loopback").toString()).isEqualTo("[403,\"loopback\",\"localhost\"]");
        assertThat(seen.path("tunnel").asText()).contains("ERR_TUNNEL_CONNECTION_FAILED");
        assertThat(seen.path("metadata").toString()).isEqualTo("[403,\"link-local\"]");
        assertThat(seen.path("candidates").toString()).as("WebRTC's ways").isEqualTo("[]");
        assertThat(seen.path("around").asText()).isEqualTo("put out");
        assertThat(seen.path("live").asLong()).isPositive();
        assertThat(seen.path("ended").asLong()).isGreaterThan(50_000);
        assertThat(seen.path("used").asLong()).isGreaterThan(50_000);
        assertThat(seen.path("shown").asBoolean()).isFalse();
        assertIsNowhere(secret);
        pools.delete("guarded", "guarded");
        HEARTH.kubectl("delete", "namespace", "guarded", "--wait=false");
    }

    /** In no log and no object; the store holds what lives only, and the session is over. */
    private static void assertIsNowhere(String secret) throws IOException {
        for (var kind : List.of("bs", "bp", "events", "pods", "secrets")) {
            assertThat(HEARTH.kubectl("get", kind, "-A", "-o", "yaml")).as(kind).doesNotContain(secret);
        }
        var logs = logs();
        assertThat(logs).isNotEmpty();
        for (var log : logs) {
            assertThat(text(log)).as("%s", log).doesNotContain(secret);
        }
    }

    /** Directories of pods go while they are looked through. */
    private static List<Path> logs() throws IOException {
        var logs = new ArrayList<Path>();
        Files.walkFileTree(HEARTH.home(), new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (file.toString().endsWith(".log")) {
                    logs.add(file);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException gone) {
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException goneMeanwhile) {
                return FileVisitResult.CONTINUE;
            }
        });
        return logs;
    }

    private static String text(Path log) {
        try {
            return Files.readString(log, StandardCharsets.ISO_8859_1);
        } catch (IOException gone) {
            return "";
        }
    }
}
