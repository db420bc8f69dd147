package dev.hearth.store;

import java.time.InstantSource;

/** One database that keeps browsers and sessions, and the stores on it. */
final class Shard implements AutoCloseable {
    private final String name;
    private final Database database;
    private final Limits limits;
    private final PostgresSupplyStore supply;

    Shard(String name, Database database, Regions regions) {
        this.name = name;
        this.database = database;
        var sql = database.sql();
        this.limits = new Limits(sql);
        this.supply = new PostgresSupplyStore(sql, regions::virtualShard, InstantSource.system());
    }

    String name() {
        return name;
    }

    Limits limits() {
        return limits;
    }

    PostgresSupplyStore supply() {
        return supply;
    }

    Sql sql() {
        return database.sql();
    }

    @Override
    public void close() {
        database.close();
    }
}
