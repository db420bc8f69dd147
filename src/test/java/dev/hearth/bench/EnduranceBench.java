package dev.hearth.bench;

import dev.hearth.bench.Trial.Outcome;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A million claims while gateways, backends and the whole of PostgreSQL are killed. Not how fast, but whether anything goes
 * wrong; and whether this check would see it, on Hearths that are made wrong on purpose.
 */
public final class EnduranceBench {
    private static final Troubles.Pace PACE = new Troubles.Pace(60, 6, 90);
    /** The mistakes show at the death of the server, or of a gateway: they die more often. */
    private static final Troubles.Pace FATAL = new Troubles.Pace(15, 6, 8);

    private EnduranceBench() {}

    public static void main(String[] args) throws Exception {
        var claims = Settings.number("HEARTH_BENCH_CLAIMS", 1_000_000);
        var clients = Settings.number("HEARTH_BENCH_CLIENTS", 32);
        // Fewer: the server would not die often enough for what is wrong to show.
        var mistaken = Math.max(30_000, claims / 20);
        var trials = new LinkedHashMap<Trial, Outcome>();
        for (var trial : new Trial[] {
            new Trial("Hearth", claims, clients, true, true, PACE),
            new Trial("made wrong: `synchronous_commit = off`", mistaken, clients, true, false, FATAL),
            new Trial("made wrong: no Idempotency-Key", mistaken, clients, false, true, FATAL)
        }) {
            var outcome = trial.run(Room.emptied("target/bench/endurance"));
            Trial.say(row(trial, outcome));
            trials.put(trial, outcome);
        }
        Report.DOCS.write("endurance", text(clients, trials));
        var outcomes = trials.values().stream().toList();
        if (!outcomes.getFirst().isClean()) {
            throw new IllegalStateException("something went wrong: " + outcomes.getFirst());
        }
        if (outcomes.getFirst().isUntroubled()) {
            throw new IllegalStateException("not everything was killed, so nothing was shown: " + outcomes.getFirst());
        }
        if (outcomes.get(1).lost() == 0 || outcomes.get(2).unasked() == 0) {
            throw new IllegalStateException("a mistake was not seen, so the check proves nothing: " + outcomes);
        }
    }

    private static String text(int clients, Map<Trial, Outcome> trials) throws IOException {
        return """
                ## Claims under fire

                `make bench-endurance` · %s · %d clients over HTTP, two gateways, one PostgreSQL 18 with `fsync` on, 2,000 browsers that beat. At random: `kill -9` of a gateway (every %d s on average, another takes its place), three backends terminated (every %d s), `kill -9` of PostgreSQL by a client the moment its claim is acknowledged (every %d s), then its restart.
                Clients repeat what got no answer or a 5xx, at the other gateway, with the same Idempotency-Key. The last two lines are Hearths made wrong on purpose, with PostgreSQL killed every %d s and gateways every %d s: what they do wrong must be seen. *Doubles*: browsers that two held at once. *Lost*: acknowledged, and not there. *Unasked*: there, and nobody was told. *Undone*: released, and alive. *Otherwise*: ended by another than its client. *False none*: told that no browser is warm while some were. *Drift*: the counter of live sessions against the rows.

                | | claims | killed: gateways, backends, PostgreSQL | repeated | doubles | lost | unasked | undone | otherwise | false none | drift | claims/s |
                |---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|
                %s
                """.formatted(
                        Report.machine(),
                        clients,
                        PACE.gateway(),
                        PACE.backends(),
                        PACE.server(),
                        FATAL.server(),
                        FATAL.gateway(),
                        trials.entrySet().stream()
                                .map(trial -> row(trial.getKey(), trial.getValue()))
                                .collect(Collectors.joining("\n")));
    }

    private static String row(Trial trial, Outcome outcome) {
        return "| %s | %,d | %d, %d, %d | %,d | %d | %d | %d | %d | %d | %d | %d | %,.0f |"
                .formatted(
                        trial.name(),
                        outcome.acknowledged(),
                        outcome.troubles().gateways(),
                        outcome.troubles().backends(),
                        outcome.troubles().servers(),
                        outcome.repeated(),
                        outcome.doubles(),
                        outcome.lost(),
                        outcome.unasked(),
                        outcome.undone(),
                        outcome.endedOtherwise(),
                        outcome.falseNone(),
                        outcome.drift(),
                        outcome.acknowledged() / outcome.seconds());
    }
}
