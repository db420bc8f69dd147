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
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;

/**
 * From "I want a browser" to its first answer: a claim through Hearth beside a cold launch of the same Chromium with the
 * same switches, in turn. Both connect, attach to the first page and evaluate {@code 6 * 7}; a wrong answer ends the run.
 */
public final class FirstReplyBench {
    private static final int BATCHES = 6;
    /** As many warm browsers as the pool may have: while a batch is claimed and held, none is started beside it. */
    private static final int BROWSERS = 8;
    /** The first batch warms both sides up. */
    private static final int ROUNDS = (BATCHES - 1) * BROWSERS;

    private static final int WARM_UP = 1500;

    private static final String POOL = "first-reply";
    /** Claims on it run the whole statement and find nothing: the database and the gateway plan and compile it. */
    private static final String EMPTY = "first-reply-empty";

    private FirstReplyBench() {}

    public static void main(String[] args) throws Exception {
        var home = Path.of("target/bench/first-reply");
        var claimed = new Sample();
        var reply = new Sample();
        var cold = new Sample();
        try (var hearth = RunningHearth.start(home);
                var http = HttpClient.newHttpClient()) {
            var pools = new Pools(hearth);
            pools.create("default", POOL, BROWSERS, BROWSERS);
            pools.create("default", EMPTY, 0, 1);
            warmUpGateway(hearth);
            for (var batch = 0; batch < BATCHES; batch++) {
                pools.awaitWarm("default", POOL, BROWSERS);
                var sessions = new ArrayList<String>();
                for (var n = 0; n < BROWSERS; n++) {
                    var counted = batch > 0;
                    sessions.add(warm(hearth, counted ? claimed : new Sample(), counted ? reply : new Sample()));
                    cold(http, home, counted ? cold : new Sample());
                }
                sessions.forEach(hearth::release);
                System.out.println((batch + 1) + " of " + BATCHES + " batches");
            }
        }
        var ratio = cold.median() / reply.median();
        Report.DOCS.write("first-reply", """
                ## Claim → first CDP reply

                `make bench-first-reply` · %s · %d rounds in turn, claim then cold launch, after %d, 1,500 connections and 1,500 refused claims to warm up; no browser is
                being replaced meanwhile (on a cluster that happens on other nodes). Milliseconds.

                | cell | n | median | p95 | min | max |
                |---|---:|---:|---:|---:|---:|
                %s
                %s
                %s

                A claim through Hearth answers **%.0f times** sooner than a cold launch (medians).
                """.formatted(
                        Report.machine(),
                        ROUNDS,
                        BROWSERS,
                        claimed.row("claim over HTTP"),
                        reply.row("claim → connect → first reply"),
                        cold.row("cold launch → connect → first reply"),
                        ratio));
        System.out.println(Files.readString(Path.of("docs/benchmarks.md")));
    }

    /** A gateway in use has its code compiled; one that was started a moment ago has not. */
    private static void warmUpGateway(RunningHearth hearth) throws IOException {
        var session = hearth.claim("{\"pool\":\"local-west\",\"keepAlive\":true}");
        var url = URI.create(session.path("connectUrl").asText());
        for (var n = 0; n < WARM_UP; n++) {
            CdpClient.connect(hearth.http(), url).close();
            hearth.get("/v1/sessions");
        }
        for (var n = 0; n < WARM_UP; n++) {
            hearth.post("/v1/sessions", "{\"pool\":\"" + EMPTY + "\",\"keepAlive\":true}");
            // A granted claim's answer, without a browser for each.
            hearth.get("/v1/sessions/" + session.path("id").asText());
        }
        hearth.release(session.path("id").asText());
    }

    private static String warm(RunningHearth hearth, Sample claimed, Sample reply) throws IOException {
        var started = System.nanoTime();
        var answer = hearth.post("/v1/sessions", "{\"pool\":\"" + POOL + "\",\"keepAlive\":true}");
        if (answer.statusCode() != 201) {
            throw new IllegalStateException("a refused claim voids the run: " + answer.body());
        }
        var session = RunningHearth.json(answer);
        claimed.add(System.nanoTime() - started);
        try (var browser = CdpClient.connect(
                hearth.http(), URI.create(session.path("connectUrl").asText()))) {
            ask(browser);
            reply.add(System.nanoTime() - started);
        }
        return session.path("id").asText();
    }

    private static void cold(HttpClient http, Path home, Sample sample) throws IOException {
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
            ask(browser);
            sample.add(System.nanoTime() - started);
        } finally {
            // Its renderers die after it, and would do so on the time of what is measured next.
            var family =
                    chrome.toHandle().descendants().map(ProcessHandle::onExit).toList();
            ChildProcesses.stop(chrome, "KILL", Duration.ofSeconds(5));
            CompletableFuture.allOf(family.toArray(CompletableFuture[]::new)).join();
            remove(profile);
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

    private static void ask(CdpClient browser) throws IOException {
        var page = browser.attachToFirstPage();
        var answer = browser.call(page, "Runtime.evaluate", Map.of("expression", "6 * 7"));
        if (answer.path("result").path("value").asInt() != 42) {
            throw new IllegalStateException("a wrong answer voids the run: " + answer);
        }
    }

    private static void remove(Path directory) throws IOException {
        try (var files = Files.walk(directory)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
