package dev.hearth.store;

import java.time.InstantSource;

/** One database that keeps browsers and sessions, and the stores on it. */
record Shard(
        Database database,
        Limits limits,
        PostgresSupplyStore supply,
        PostgresClaimStore claims,
        PostgresSessionStore sessions,
        PostgresHeartbeatStore heartbeats) {

    static Shard on(Database database, Regions regions) {
        var sql = database.sql();
        var sweep = new Sweep(sql);
        return new Shard(
                database,
                new Limits(sql),
                new PostgresSupplyStore(sql, regions::virtualShard, InstantSource.system()),
                new PostgresClaimStore(sql),
                new PostgresSessionStore(sql, sweep),
                new PostgresHeartbeatStore(sql, sweep));
    }
}
