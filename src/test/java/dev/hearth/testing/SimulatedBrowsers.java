package dev.hearth.testing;

import dev.hearth.claim.HeartbeatStore.Health;
import dev.hearth.claim.HeartbeatStore.Report;
import dev.hearth.claim.Session;
import dev.hearth.store.Stores;
import dev.hearth.testing.postgres.DatabaseAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Warm rows without pods, all of them at the address of a {@link FakeAgent}, and their beats: each second every browser
 * that {@link #beats} was asked for reports how many connections it has.
 */
public final class SimulatedBrowsers implements AutoCloseable {
    /** What the beats of each of them must name: a beat of another pod changes nothing. */
    public static final String POD_UID = "pod-uid";

    private final Stores stores;
    private final DatabaseAddress database;
    private final Map<UUID, Beating> beating = new ConcurrentHashMap<>();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("simulated-beats").factory());
    private long sequence;

    public SimulatedBrowsers(Stores stores, DatabaseAddress database) {
        this.stores = stores;
        this.database = database;
        clock.scheduleWithFixedDelay(this::beat, 1, 1, TimeUnit.SECONDS);
    }

    /** @param connections now @param left whether its last client said goodbye */
    public record Standing(int connections, boolean left) {}

    private record Beating(Session session, Supplier<Standing> standing) {}

    public void warm(UUID pool, String namespace, String name, String region, String address, int count) {
        insert(database, pool, namespace, name, region, address, count);
    }

    /** Rows alone, straight into the table: for tests that need very many, or have nobody who beats. */
    public static void insert(
            DatabaseAddress database,
            UUID pool,
            String namespace,
            String name,
            String region,
            String address,
            int count) {
        database.execute("""
                INSERT INTO hearth.browser (id, pool_id, namespace, pool, region, pod_name, pod_uid, address, state,
                       claimable, revision, token_hash)
                SELECT gen_random_uuid(), '%s', '%s', '%s', '%s', 'sim-' || gen_random_uuid(), '%s', '%s',
                       'WARM', true, 'r1', ''
                  FROM generate_series(1, %d)
                """.formatted(pool, namespace, name, region, POD_UID, address, count));
    }

    /** From now on the session's browser reports; somebody has connected to it. */
    public void beats(Session session, Supplier<Standing> standing) {
        beating.put(session.id(), new Beating(session, standing));
    }

    private void beat() {
        try {
            var reports = beating.values().stream().map(this::report).toList();
            sequence++;
            for (var from = 0; from < reports.size(); from += 200) {
                stores.heartbeats().record(reports.subList(from, Math.min(from + 200, reports.size())));
            }
        } catch (RuntimeException missed) {
            // The next one will do: it says all that this one would have said.
            return;
        }
    }

    private Report report(Beating one) {
        var standing = one.standing().get();
        var session = one.session();
        return new Report(
                session.browser(),
                session.podUid(),
                sequence,
                Health.READY,
                Optional.of(session.id()),
                session.epoch(),
                standing.connections(),
                true,
                standing.left(),
                1,
                0);
    }

    /** Ids of the pool's live sessions, read past the code under test. */
    public List<String> live(UUID pool) {
        return strings("SELECT id::text FROM hearth.session WHERE pool_id = '" + pool + "'");
    }

    public List<String> strings(String sql) {
        return database.strings(sql);
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}
