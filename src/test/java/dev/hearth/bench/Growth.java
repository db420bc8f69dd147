package dev.hearth.bench;

import dev.hearth.bench.ClaimsBench.Size;
import dev.hearth.local.postgres.EmbeddedPostgres;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a claim costs Postgres among a thousand warm browsers and among very many, in turn. */
record Growth(
        int browsers,
        int rounds,
        List<Double> fewMicros,
        List<Double> manyMicros,
        List<Double> fewPages,
        List<Double> manyPages) {
    private static final int FEW = 1_000;
    /** Fewer than elsewhere: all that they hold must be a small part of a thousand. */
    private static final int CLIENTS = 16;

    static Growth measure(Size size, EmbeddedPostgres server) throws Exception {
        var growth = new Growth(
                size.browsers(),
                size.rounds(),
                new ArrayList<>(),
                new ArrayList<>(),
                new ArrayList<>(),
                new ArrayList<>());
        ClaimsBench.say("making a pool of %d browsers".formatted(size.browsers()));
        try (var few = new ClaimsDatabase(server, "few");
                var many = new ClaimsDatabase(server, "many");
                var fewReplaced = new Replacements(few);
                var manyReplaced = new Replacements(many)) {
            few.stock(FEW);
            many.stock(size.browsers());
            for (var round = 0; round <= size.rounds(); round++) {
                // The first one warms up.
                var counted = round > 0;
                one(size, server, few, fewReplaced, counted, growth.fewMicros, growth.fewPages);
                one(size, server, many, manyReplaced, counted, growth.manyMicros, growth.manyPages);
                ClaimsBench.say("round %d of %d · few and many browsers".formatted(round, size.rounds()));
            }
        }
        return growth;
    }

    private static void one(
            Size size,
            EmbeddedPostgres server,
            ClaimsDatabase database,
            Replacements replacements,
            boolean counted,
            List<Double> micros,
            List<Double> pages)
            throws Exception {
        // The first change of a page after a checkpoint is logged whole, and hardly two claims of a large pool share
        // a page: a checkpoint before each cell would be measured as one every half minute.
        database.tidyRows();
        database.claimsBuffers();
        var load = new Load(CLIENTS, size.cell(), 0);
        var cell = new Cell(
                "growth",
                () -> new StoreContender(database, database.stores(), replacements),
                load,
                true,
                ProcessHandle.current().pid());
        var figures = cell.measureTidied(database, server.pid(), replacements);
        var touched = (double) database.claimsBuffers() / figures.claims();
        if (counted) {
            micros.add(figures.postgresMicros());
            pages.add(touched);
        }
    }

    String text() {
        return String.format(
                Locale.ROOT,
                """
                ### From %,d to %,d warm browsers in one pool

                Hearth's store with the bus, %d clients, %d rounds in turn. Pages: of shared memory, touched by the claim's statements. Checkpoints as they come (5 min, 1 GB of log).

                | per claim | %,d browsers | %,d browsers | ratio of medians |
                |---|---:|---:|---:|
                | Postgres µs | %s | %s | %.2f× |
                | pages | %s | %s | %.2f× |
                """,
                FEW,
                browsers,
                CLIENTS,
                rounds,
                FEW,
                browsers,
                over(fewMicros).text("%.0f"),
                over(manyMicros).text("%.0f"),
                over(manyMicros).median() / over(fewMicros).median(),
                over(fewPages).text("%.0f"),
                over(manyPages).text("%.0f"),
                over(manyPages).median() / over(fewPages).median());
    }

    private static Spread over(List<Double> rounds) {
        return Spread.of(rounds.stream().mapToDouble(Double::doubleValue));
    }
}
