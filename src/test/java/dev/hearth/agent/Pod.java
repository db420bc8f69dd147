package dev.hearth.agent;

import static org.awaitility.Awaitility.await;

import dev.hearth.local.ChildProcesses;
import dev.hearth.local.FreePorts;
import dev.hearth.operator.pool.ChromeArguments;
import dev.hearth.operator.pool.KeptChrome;
import dev.hearth.wire.Beat;
import dev.hearth.wire.Grant;
import dev.hearth.wire.GrantCodec;
import dev.hearth.wire.PageSettings;
import dev.hearth.wire.SigningKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/** One browser pod without Kubernetes: a real Chromium and a real agent, each a process, and a gateway's ingest port. */
final class Pod implements AutoCloseable {
    static final SigningKey GATEWAY = SigningKey.generate();
    static final SigningKey STRANGER = SigningKey.generate();

    final UUID browser = UUID.randomUUID();
    final String podUid = UUID.randomUUID().toString();
    final UUID session = UUID.randomUUID();
    private final List<Integer> ports = FreePorts.loopback(2);
    final int port = ports.getFirst();
    final int guardPort = ports.getLast();
    private final Kind kind;
    final Path home;
    private final Path profile;
    final Path chromeDir;
    final FakeIngest ingest = new FakeIngest("secret-token");
    Process chrome;
    Process agent;

    Pod(Path home) {
        this(home, home.resolve("chrome"));
    }

    /** @param chromeDir where the agent is told to look for Chrome */
    Pod(Path home, Path chromeDir) {
        this(home, home.resolve("chrome"), chromeDir, Kind.PLAIN);
    }

    private Pod(Path home, Path profile, Path chromeDir, Kind kind) {
        this.home = home;
        this.kind = kind;
        this.profile = profile;
        this.chromeDir = chromeDir;
        this.chrome = startChrome();
        this.agent = startAgent();
    }

    /** Up to the first beat that says READY. */
    static Pod ready(Path home) {
        return ready(new Pod(home));
    }

    /** Whose Chrome may go to 127.0.0.1, and has no way but its agent. */
    static Pod guarded(Path home) {
        return ready(new Pod(home, home.resolve("chrome"), home.resolve("chrome"), Kind.GUARDED));
    }

    /** Which serves several sessions, each with a Chrome of its own. */
    static Pod servingAgain(Path home) throws IOException {
        for (var place : List.of("shared", "tmp", "shm")) {
            Files.createDirectory(home.resolve(place));
        }
        var profile = home.resolve("shared").resolve("profile");
        return ready(new Pod(home, profile, profile, Kind.SERVES_AGAIN));
    }

    private static Pod ready(Pod pod) {
        pod.awaitHealth(Beat.Chrome.READY, Duration.ofSeconds(30));
        return pod;
    }

    private enum Kind {
        PLAIN,
        GUARDED,
        SERVES_AGAIN
    }

    void awaitHealth(Beat.Chrome health, Duration limit) {
        await().atMost(limit)
                .pollInterval(Duration.ofMillis(10))
                .until(() -> ingest.heardAny() && ingest.newest().chrome() == health);
    }

    ActivePort activePort() {
        return await().until(
                        () -> ActivePort.look(profile) instanceof ActivePort.Seen.At(var at) ? at : null,
                        Objects::nonNull);
    }

    Process startChrome() {
        var guard = kind == Kind.GUARDED ? "127.0.0.1:" + guardPort : null;
        var command =
                new ArrayList<>(kind == Kind.SERVES_AGAIN ? KeptChrome.command("chromium", home) : List.of("chromium"));
        ChromeArguments.of(List.of("--disable-gpu"), guard).stream()
                .map(argument -> argument.replace("/browser/profile", profile.toString()))
                .forEach(command::add);
        if ("root".equals(System.getProperty("user.name"))) {
            command.add("--no-sandbox");
        }
        return ChildProcesses.start(ChildProcesses.Spec.of(command, home.resolve("chrome.log")));
    }

    /** The jar as it ships, with the flags of docs/agent-protocol.md. */
    Process startAgent() {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var command = List.of(
                java,
                "-XX:+UseSerialGC",
                "-Xms4m",
                "-Xmx16m",
                "-Xmn2m",
                "-Xss256k",
                "-XX:TieredStopAtLevel=1",
                "-XX:CICompilerCount=1",
                "-XX:ReservedCodeCacheSize=8m",
                "-XX:MaxDirectMemorySize=40m",
                "-XX:-UsePerfData",
                "-XX:+UseCompactObjectHeaders",
                "-jar",
                Path.of("target", "agent", "hearth-agent.jar").toAbsolutePath().toString());
        var spec = new ChildProcesses.Spec(command, environment(), true, null, home.resolve("agent.log"), "KILL");
        return ChildProcesses.start(spec);
    }

    Map<String, String> environment() {
        var environment = new HashMap<String, String>();
        environment.put("PATH", System.getenv("PATH"));
        environment.put("HEARTH_BROWSER", browser.toString());
        environment.put("HEARTH_POD_UID", podUid);
        environment.put("HEARTH_BEAT_TOKEN", "secret-token");
        environment.put("HEARTH_INGEST", "127.0.0.1:" + ingest.port());
        environment.put(
                "HEARTH_GRANT_KEYS",
                base64(SigningKey.generate().verifying().x509()) + ","
                        + base64(GATEWAY.verifying().x509()));
        environment.put("HEARTH_LISTEN", "127.0.0.1:" + port);
        environment.put("HEARTH_CHROME_DIR", chromeDir.toString());
        if (kind == Kind.SERVES_AGAIN) {
            environment.put(
                    "HEARTH_RESET_MARK", home.resolve("shared").resolve("again").toString());
            environment.put("HEARTH_RESET_SECONDS", "10");
        }
        if (kind == Kind.GUARDED) {
            environment.put("HEARTH_EGRESS_LISTEN", "127.0.0.1:" + guardPort);
            environment.put("HEARTH_EGRESS_ALLOW", "127.0.0.1");
        }
        return environment;
    }

    Grant grant(Grant.Kind kind, long epoch, boolean exclusive) {
        return grant(session, kind, epoch, exclusive);
    }

    Grant grant(UUID ofSession, Grant.Kind kind, long epoch, boolean exclusive) {
        return new Grant(
                kind, podUid, ofSession, epoch, UUID.randomUUID(), Instant.now().plusSeconds(60), exclusive);
    }

    TestSocket connect(Grant grant) {
        return connect(grant, "/devtools/browser");
    }

    TestSocket connect(Grant grant, PageSettings settings) {
        var headers = new HashMap<>(header(grant));
        headers.put(PageSettings.HEADER, PageSettings.header(settings.json()));
        return TestSocket.open(port).upgrade("/devtools/browser", headers);
    }

    TestSocket connect(Grant grant, String path) {
        return TestSocket.open(port).upgrade(path, header(grant));
    }

    TestSocket ask(String method, String path, Grant grant) {
        return TestSocket.open(port).request(method, path, header(grant));
    }

    static Map<String, String> header(Grant grant) {
        return Map.of(GrantCodec.HEADER, GrantCodec.seal(grant, GATEWAY));
    }

    String log() {
        try {
            return Files.readString(home.resolve("agent.log"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        ChildProcesses.stop(agent, "KILL", Duration.ofSeconds(2));
        ChildProcesses.stop(chrome, "KILL", Duration.ofSeconds(2));
        ingest.close();
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
