package dev.hearth.store;

import dev.hearth.claim.SessionListener;
import dev.hearth.store.bus.BusSettings;
import dev.hearth.store.bus.ClaimBus;
import java.time.Duration;
import java.time.InstantSource;

/** One database that keeps browsers and sessions, and the stores on it. */
record Shard(
        Database database,
        Limits limits,
        PostgresSupplyStore supply,
        ClaimBus claims,
        PostgresVacancies vacancies,
        PostgresSessionStore sessions,
        PostgresSessionCensus census,
        PostgresHeartbeatStore heartbeats)
        implements AutoCloseable {

    /** @param patience how long a claim or an ending waits until the database has time for it */
    static Shard on(Database database, Regions regions, SessionListener listener, BusSettings bus, Duration patience) {
        var sql = database.sql();
        var sweep = new Sweep(sql);
        var claims = new PostgresClaimStore(sql);
        return new Shard(
                database,
                new Limits(sql),
                new PostgresSupplyStore(sql, regions::virtualShard, InstantSource.system(), listener),
                new ClaimBus(claims, bus, patience),
                new PostgresVacancies(sql, claims),
                new PostgresSessionStore(sql, sweep, listener, bus, patience),
                new PostgresSessionCensus(sql),
                new PostgresHeartbeatStore(sql, sweep, listener));
    }

    /** Claims and endings on their way arrive first. */
    @Override
    public void close() {
        claims.close();
        sessions.close();
        database.close();
    }
}
