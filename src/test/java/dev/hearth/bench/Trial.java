package dev.hearth.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** A number of claims with their releases while everything is killed, and what became of each of them. */
record Trial(String name, long claims, int clients, boolean keyed, boolean durable, Troubles.Pace pace) {
    private static final int BROWSERS = 2_000;
    private static final int PORTION = 20_000;
    private static final Duration REPORT = Duration.ofSeconds(15);

    /**
     * @param doubles browsers that two held at once
     * @param lost claims that were acknowledged, and that the database does not know
     * @param unasked sessions that nobody was told of
     * @param undone sessions whose release was acknowledged, and that live
     * @param endedOtherwise acknowledged claims that were not ended by their clients
     * @param falseNone refusals for want of a browser: there were always warm ones
     * @param drift of the counter of live sessions from the rows there are
     */
    record Outcome(
            long acknowledged,
            long doubles,
            long lost,
            long unasked,
            long undone,
            long endedOtherwise,
            long falseNone,
            long drift,
            long repeated,
            double seconds,
            Troubles.Done troubles) {
        boolean isClean() {
            return doubles + lost + unasked + undone + endedOtherwise + falseNone + Math.abs(drift) == 0;
        }

        boolean isUntroubled() {
            return troubles.gateways() == 0 || troubles.backends() == 0 || troubles.servers() == 0;
        }
    }

    Outcome run(Path home) throws Exception {
        try (var troubles = new Troubles(home, pace);
                var database = new ClaimsDatabase(troubles.server(), "endurance")) {
            if (!durable) {
                database.execute("ALTER DATABASE endurance SET synchronous_commit = off");
            }
            troubles.begin(database.address());
            database.stock(BROWSERS);
            try (var supply = new Supply(database)) {
                return run(troubles, database);
            }
        }
    }

    private Outcome run(Troubles troubles, ClaimsDatabase database) throws Exception {
        var holdings = new Holdings();
        var turns = new AtomicLong(claims);
        var none = new AtomicLong();
        var repeated = new AtomicLong();
        var begun = System.nanoTime();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var running = new ArrayList<Future<Void>>();
            for (var n = 0; n < clients; n++) {
                running.add(threads.submit(() -> {
                    try (var client = new StubbornClient(troubles::port, keyed)) {
                        claimAndRelease(client, turns, holdings, none, troubles);
                        repeated.addAndGet(client.repeated());
                    }
                    return null;
                }));
            }
            try {
                attend(running, troubles, holdings, none);
            } catch (IllegalStateException broken) {
                threads.shutdownNow();
                throw broken;
            }
            for (var each : running) {
                each.get();
            }
        }
        var seconds = (System.nanoTime() - begun) / 1e9;
        var done = troubles.end();
        return judge(database, holdings, none.get(), repeated.get(), seconds, done);
    }

    private void attend(List<Future<Void>> running, Troubles troubles, Holdings holdings, AtomicLong none) {
        var told = System.nanoTime();
        while (!running.stream().allMatch(Future::isDone)) {
            LockSupport.parkNanos(200_000_000);
            troubles.check();
            if (System.nanoTime() - told > REPORT.toNanos()) {
                told = System.nanoTime();
                say("%s: %,d of %,d claims, %d refused".formatted(name, holdings.claims(), claims, none.get()));
            }
        }
    }

    private static void claimAndRelease(
            StubbornClient client, AtomicLong turns, Holdings holdings, AtomicLong none, Troubles troubles)
            throws IOException {
        var inHand = new ArrayDeque<Holdings.Holding>();
        while (turns.getAndDecrement() > 0) {
            var session = client.claim();
            if (session == null) {
                none.incrementAndGet();
            } else {
                inHand.add(holdings.begin(new Contender.Held(session, null)));
                troubles.acknowledged();
            }
            if (inHand.size() > Load.IN_HAND) {
                client.release(inHand.remove().ends().session());
            }
        }
        while (!inHand.isEmpty()) {
            client.release(inHand.remove().ends().session());
        }
    }

    private static Outcome judge(
            ClaimsDatabase database,
            Holdings holdings,
            long none,
            long repeated,
            double seconds,
            Troubles.Done troubles)
            throws Exception {
        var acknowledged = holdings.sessions();
        var browsers = browsers(database, acknowledged);
        var lost = new HashSet<>(acknowledged);
        lost.removeAll(browsers.keySet());
        var rows = number(database, "SELECT count(*) FROM hearth.any_session");
        var known = new HashSet<>(acknowledged).size() - lost.size();
        return new Outcome(
                acknowledged.size(),
                holdings.among(browsers.keySet()).doubles(browsers),
                lost.size(),
                rows - known,
                number(database, "SELECT count(*) FROM hearth.session"),
                number(database, "SELECT count(*) FROM hearth.session_history WHERE end_reason <> 'Released'"),
                none,
                number(database, """
                        SELECT (SELECT coalesce(sum(live), 0) FROM hearth.project_counter)
                             - (SELECT count(*) FROM hearth.session)
                        """),
                repeated,
                seconds,
                troubles);
    }

    private static Map<UUID, UUID> browsers(ClaimsDatabase database, List<UUID> sessions) throws Exception {
        var browsers = new HashMap<UUID, UUID>();
        for (var from = 0; from < sessions.size(); from += PORTION) {
            browsers.putAll(database.browsers(sessions.subList(from, Math.min(sessions.size(), from + PORTION))));
        }
        return browsers;
    }

    private static long number(ClaimsDatabase database, String sql) {
        return Long.parseLong(database.strings(sql).getFirst());
    }

    static void say(String line) {
        System.out.println(line);
    }
}
