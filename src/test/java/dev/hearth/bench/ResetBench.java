package dev.hearth.bench;

import dev.hearth.app.CdpClient;
import dev.hearth.e2e.Pools;
import dev.hearth.e2e.RunningHearth;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/**
 * From a session's end to the next one's first result in a pool of one browser: a pod for each session beside a pod that
 * serves again, in turn. A Chrome that comes twice, or a pod that comes twice where it must not, ends the run.
 */
public final class ResetBench {
    private static final int ROUNDS = 20;

    private ResetBench() {}

    public static void main(String[] args) throws Exception {
        var never = new Cell("never", "", new Sample());
        var reset = new Cell("reset", "reuse: Reset\nreset: {maxUses: 1000}", new Sample());
        try (var hearth = RunningHearth.start(Path.of("target/bench/reset"))) {
            var pools = new Pools(hearth);
            for (var cell : List.of(never, reset)) {
                pools.create("default", cell.pool(), 1, 1, cell.reuse());
            }
            for (var round = 0; round <= ROUNDS; round++) {
                for (var cell : List.of(never, reset)) {
                    // What the last session of the other one costs must not fall on this one.
                    pools.awaitWarm("default", never.pool(), 1);
                    pools.awaitWarm("default", reset.pool(), 1);
                    var counted = round == 0 ? new Sample() : cell.sample();
                    cell.succeed(hearth, counted);
                }
                System.out.println(round + " of " + ROUNDS + " rounds");
            }
        }
        Report.DOCS.write("reset", """
                ## Session's end → next session's first result

                `make bench-reset` · %s · pools of one browser each (`maxBrowsers: 1`), LocalNode; %d rounds in turn after one. A session is released while the next one's claim waits (`waitTimeout`); it connects, and evaluates 6 * 7. Milliseconds.

                | cell | n | median | p95 | min | max |
                |---|---:|---:|---:|---:|---:|
                %s
                %s

                A pod that serves again has its next session **%.1f times** sooner than one that is replaced (medians).
                """.formatted(
                        Report.machine(),
                        ROUNDS,
                        never.sample().row("a pod for each session (`reuse: Never`)"),
                        reset.sample().row("Chrome and profile replaced in the pod (`reuse: Reset`)"),
                        never.sample().median() / reset.sample().median()));
        System.out.println(Files.readString(Path.of("docs/benchmarks.md")));
    }

    /** @param chromes that answered, by their process */
    private record Cell(String pool, String reuse, Sample sample, HashSet<String> chromes) {
        Cell(String pool, String reuse, Sample sample) {
            this(pool, reuse, sample, new HashSet<>());
        }

        /** One session, and from its end to the next one's first result; that one is left as it began, to be released. */
        void succeed(RunningHearth hearth, Sample counted) throws IOException {
            var first = claim(hearth);
            ask(hearth, first);
            var started = System.nanoTime();
            hearth.release(first.id());
            var next = claim(hearth);
            ask(hearth, next);
            counted.add(System.nanoTime() - started);
            hearth.release(next.id());
        }

        private Claimed claim(RunningHearth hearth) {
            var answer =
                    hearth.post("/v1/sessions", "{\"pool\":\"" + pool + "\",\"keepAlive\":true,\"waitTimeout\":60}");
            if (answer.statusCode() != 201) {
                throw new IllegalStateException("a refused claim voids the run: " + answer.body());
            }
            var session = RunningHearth.json(answer);
            return new Claimed(
                    session.path("id").asText(),
                    URI.create(session.path("connectUrl").asText()));
        }

        private void ask(RunningHearth hearth, Claimed claimed) throws IOException {
            try (var browser = CdpClient.connect(hearth.http(), claimed.url())) {
                var page = browser.attachToFirstPage();
                var answer = browser.call(page, "Runtime.evaluate", Map.of("expression", "6 * 7"));
                var chrome = browser.call(null, "SystemInfo.getProcessInfo", Map.of())
                        .path("processInfo")
                        .findValuesAsText("id")
                        .getFirst();
                if (answer.path("result").path("value").asInt() != 42 || !chromes.add(chrome)) {
                    throw new IllegalStateException("a wrong answer, or a Chrome that was used before, voids the run");
                }
            }
        }
    }

    private record Claimed(String id, URI url) {}
}
