package dev.hearth.store;

import dev.hearth.claim.Directory;
import dev.hearth.pool.SupplyStore;
import java.util.LinkedHashMap;

/** All stores of one process. Opening migrates the schemas first; closing gives the connections back. */
public final class Stores implements AutoCloseable {
    private final Database control;
    private final Shards shards;
    private final Regions regions;
    private final Directory directory;

    private Stores(Database control, Shards shards, Regions regions) {
        this.control = control;
        this.shards = shards;
        this.regions = regions;
        this.directory = new PostgresDirectory(control.sql(), shards);
    }

    /**
     * @throws SchemaException in one line, where a schema cannot be migrated or is newer than this program
     */
    public static Stores open(StoreSettings settings) {
        Migrations.CONTROL.apply(settings.control());
        settings.shards().values().forEach(Migrations.SHARD::apply);
        var control = Database.open(settings.control(), Migrations.CONTROL.schema());
        var regions = new Regions(control.sql(), settings::shardOfNewRegion);
        var shards = new LinkedHashMap<String, Shard>();
        settings.shards()
                .forEach((name, database) ->
                        shards.put(name, new Shard(name, Database.open(database, Migrations.SHARD.schema()), regions)));
        return new Stores(control, new Shards(shards, regions), regions);
    }

    public Directory directory() {
        return directory;
    }

    public SupplyStore supply() {
        return shards.all().getFirst().supply();
    }

    /** What the ids of a region's sessions carry: see {@code SessionIds.mint}. */
    public int virtualShard(String region) {
        return regions.virtualShard(region);
    }

    @Override
    public void close() {
        shards.all().forEach(Shard::close);
        control.close();
    }
}
