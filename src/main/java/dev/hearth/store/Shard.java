package dev.hearth.store;

import dev.hearth.claim.SessionListener;
import dev.hearth.store.bus.BusSettings;
import dev.hearth.store.bus.ClaimBus;
import java.time.Duration;
import java.time.InstantSource;

/** One database that keeps browsers and sessions, and the stores on it. */
record Shard(
        String name,
        Database database,
        Limits limits,
        PostgresSupplyStore supply,
        ClaimBus claims,
        PostgresClaimStore directClaims,
        PostgresVacancies vacancies,
        PostgresSessionStore sessions,
        PostgresSessionCensus census,
        PostgresHeartbeatStore heartbeats,
        Vouching vouching,
        Sweep sweep)
        implements AutoCloseable {
    /** @param patience how long a claim or an ending waits until the database has time for it */
    static Shard on(
            String name,
            Database database,
            Regions regions,
            SessionListener listener,
            BusSettings bus,
            Duration patience) {
        var sql = database.sql();
        var claims = new PostgresClaimStore(sql);
        return new Shard(
                name,
                database,
                new Limits(sql),
                new PostgresSupplyStore(sql, regions::virtualShard, InstantSource.system(), listener),
                new ClaimBus(claims, bus, patience),
                claims,
                new PostgresVacancies(sql, claims),
                new PostgresSessionStore(sql, listener, bus, patience),
                new PostgresSessionCensus(sql),
                new PostgresHeartbeatStore(sql, listener),
                new Vouching(sql),
                new Sweep(name, sql, listener));
    }

    Reach reach() {
        return database.reach();
    }

    /** Claims and endings on their way arrive first. */
    @Override
    public void close() {
        claims.close();
        sessions.close();
        database.close();
    }

    /** Each is one, whatever it is made of. */
    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }
}
