package dev.hearth.bench;

import dev.hearth.app.CdpClient;
import dev.hearth.e2e.Pools;
import dev.hearth.e2e.RunningHearth;
import dev.hearth.local.ChildProcesses;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.StreamSupport;

/**
 * From "I want a browser" to its first answer: a claim through Hearth beside a cold launch of the same Chromium with the
 * same switches, in turn. Both connect, ask for the targets, attach to the first page and evaluate {@code 6 * 7}; a wrong
 * answer ends the run.
 */
public final class FirstReplyBench {
    private static final int BATCHES = 6;
    /** As many warm browsers as the pool may have: while a batch is claimed and held, none is started beside it. */
    private static final int BROWSERS = 8;
    /** The first batch warms both sides up. */
    private static final int ROUNDS = (BATCHES - 1) * BROWSERS;

    private static final int WARM_UP = 1500;

    private static final String POOL = "first-reply";

    private FirstReplyBench() {}

    public static void main(String[] args) throws Exception {
        var home = Path.of("target/bench/first-reply");
        var claimed = new Sample();
        var warm = new Cell();
        var cold = new Cell();
        try (var hearth = RunningHearth.start(home);
                var http = HttpClient.newHttpClient()) {
            var pools = new Pools(hearth);
            pools.create("default", POOL, BROWSERS, BROWSERS);
            UsedGateway.use(hearth, home, WARM_UP);
            for (var batch = 0; batch < BATCHES; batch++) {
                pools.awaitWarm("default", POOL, BROWSERS);
                var sessions = new ArrayList<String>();
                for (var n = 0; n < BROWSERS; n++) {
                    var counted = batch > 0;
                    sessions.add(warm(hearth, counted ? claimed : new Sample(), counted ? warm : new Cell()));
                    cold(http, home, counted ? cold : new Cell());
                }
                sessions.forEach(hearth::release);
                System.out.println((batch + 1) + " of " + BATCHES + " batches");
            }
        }
        Report.DOCS.write("first-reply", """
                ## Claim → first CDP reply

                `make bench-first-reply` · %s · %d rounds in turn, claim then cold launch, after %d. Before them %d clients claimed rows of browsers without a Chrome, connected to an echo and released: a gateway in use has its code compiled.
                No browser is being replaced meanwhile (on a cluster that happens on other nodes). First reply: the answer to the first command, Target.getTargets. First result: attached to the page too, and 6 * 7 evaluated in it. Milliseconds.

                | cell | n | median | p95 | min | max |
                |---|---:|---:|---:|---:|---:|
                %s
                %s
                %s
                %s
                %s

                A claim through Hearth gives the first reply **%.0f times**, the first result **%.0f times** sooner than a cold launch (medians).
                """.formatted(
                        Report.machine(),
                        ROUNDS,
                        BROWSERS,
                        WARM_UP,
                        claimed.row("claim over HTTP"),
                        warm.reply.row("claim → connect → first reply"),
                        cold.reply.row("cold launch → connect → first reply"),
                        warm.result.row("claim → connect → first result"),
                        cold.result.row("cold launch → connect → first result"),
                        cold.reply.median() / warm.reply.median(),
                        cold.result.median() / warm.result.median()));
        System.out.println(Files.readString(Path.of("docs/benchmarks.md")));
    }

    /** Times from the same start. */
    private record Cell(Sample reply, Sample result) {
        Cell() {
            this(new Sample(), new Sample());
        }
    }

    private static String warm(RunningHearth hearth, Sample claimed, Cell cell) throws IOException {
        var started = System.nanoTime();
        var answer = hearth.post("/v1/sessions", "{\"pool\":\"" + POOL + "\",\"keepAlive\":true}");
        if (answer.statusCode() != 201) {
            throw new IllegalStateException("a refused claim voids the run: " + answer.body());
        }
        var session = RunningHearth.json(answer);
        claimed.add(System.nanoTime() - started);
        try (var browser = CdpClient.connect(
                hearth.http(), URI.create(session.path("connectUrl").asText()))) {
            ask(browser, started, cell);
        }
        return session.path("id").asText();
    }

    private static void cold(HttpClient http, Path home, Cell cell) throws IOException {
        var profile = Files.createTempDirectory(home, "profile");
        var command = new ArrayList<>(List.of(
                System.getenv().getOrDefault("HEARTH_CHROMIUM", "chromium"),
                "--headless=new",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile.toAbsolutePath(),
                "--no-first-run",
                "--disable-background-networking"));
        if (System.getProperty("user.name").equals("root")) {
            command.add("--no-sandbox");
        }
        command.add("about:blank");
        var started = System.nanoTime();
        var chrome = ChildProcesses.start(ChildProcesses.Spec.of(command, home.resolve("cold.log")));
        try (var browser = CdpClient.connect(http, devTools(profile))) {
            ask(browser, started, cell);
        } finally {
            // Its renderers die after it, and would do so on the time of what is measured next.
            var family =
                    chrome.toHandle().descendants().map(ProcessHandle::onExit).toList();
            ChildProcesses.stop(chrome, "KILL", Duration.ofSeconds(5));
            CompletableFuture.allOf(family.toArray(CompletableFuture[]::new)).join();
            Room.remove(profile);
        }
    }

    private static URI devTools(Path profile) throws IOException {
        var file = profile.resolve("DevToolsActivePort");
        var end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (System.nanoTime() < end) {
            if (Files.exists(file)) {
                var lines = Files.readAllLines(file);
                if (lines.size() == 2) {
                    return URI.create("ws://127.0.0.1:" + lines.get(0) + lines.get(1));
                }
            }
            // Finer than a millisecond would only take CPU from the Chromium that we wait for.
            LockSupport.parkNanos(500_000);
        }
        throw new IOException("Chromium did not start");
    }

    private static void ask(CdpClient browser, long started, Cell cell) throws IOException {
        var targets = browser.call(null, "Target.getTargets", Map.of()).path("targetInfos");
        cell.reply.add(System.nanoTime() - started);
        var page = StreamSupport.stream(targets.spliterator(), false)
                .filter(target -> target.path("type").asText().equals("page"))
                .findFirst()
                .orElseThrow(() -> new IOException("the browser has no page"));
        var attached = browser.call(
                null,
                "Target.attachToTarget",
                Map.of("targetId", page.path("targetId").asText(), "flatten", true));
        var answer =
                browser.call(attached.path("sessionId").asText(), "Runtime.evaluate", Map.of("expression", "6 * 7"));
        cell.result.add(System.nanoTime() - started);
        if (answer.path("result").path("value").asInt() != 42) {
            throw new IllegalStateException("a wrong answer voids the run: " + answer);
        }
    }
}
