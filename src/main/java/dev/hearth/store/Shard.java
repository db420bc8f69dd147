package dev.hearth.store;

import dev.hearth.claim.SessionListener;
import java.time.InstantSource;

/** One database that keeps browsers and sessions, and the stores on it. */
record Shard(
        Database database,
        Limits limits,
        PostgresSupplyStore supply,
        PostgresClaimStore claims,
        PostgresVacancies vacancies,
        PostgresSessionStore sessions,
        PostgresSessionCensus census,
        PostgresHeartbeatStore heartbeats) {

    static Shard on(Database database, Regions regions, SessionListener listener) {
        var sql = database.sql();
        var sweep = new Sweep(sql);
        var claims = new PostgresClaimStore(sql);
        return new Shard(
                database,
                new Limits(sql),
                new PostgresSupplyStore(sql, regions::virtualShard, InstantSource.system(), listener),
                claims,
                new PostgresVacancies(sql, claims),
                new PostgresSessionStore(sql, sweep, listener),
                new PostgresSessionCensus(sql),
                new PostgresHeartbeatStore(sql, sweep, listener));
    }
}
