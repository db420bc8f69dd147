package dev.hearth.store;

import dev.hearth.claim.ClaimStore;
import dev.hearth.claim.ConnectionLog;
import dev.hearth.claim.Directory;
import dev.hearth.claim.HeartbeatStore;
import dev.hearth.claim.SessionCensus;
import dev.hearth.claim.SessionListener;
import dev.hearth.claim.SessionStore;
import dev.hearth.claim.Vacancies;
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
        return open(settings, SessionListener.NOBODY);
    }

    /** @param listener hears of every session that ends through these stores */
    public static Stores open(StoreSettings settings, SessionListener listener) {
        if (settings.shards().size() > 1) {
            throw new SchemaException("hearth.store.shards names %s: this version serves one shard"
                    .formatted(settings.shards().keySet()));
        }
        Migrations.CONTROL.apply(settings.control());
        settings.shards().values().forEach(Migrations.SHARD::apply);
        return connect(settings, listener);
    }

    /** To schemas that are known to fit. */
    static Stores connect(StoreSettings settings, SessionListener listener) {
        var control = Database.open(settings.control(), Migrations.CONTROL.schema());
        var regions = new Regions(control.sql(), settings::shardOfNewRegion);
        var shards = new LinkedHashMap<String, Shard>();
        settings.shards()
                .forEach((name, database) -> shards.put(
                        name,
                        Shard.on(
                                Database.open(database, Migrations.SHARD.schema()),
                                regions,
                                listener,
                                settings.bus(),
                                database.timeouts().acquire())));
        return new Stores(control, new Shards(shards, regions), regions);
    }

    public Directory directory() {
        return directory;
    }

    /** Asked with candidates of one region at a time: of the database that serves it. */
    public ClaimStore claims(String region) {
        return shards.ofRegion(region).claims();
    }

    /** Of the same database as {@link #claims}. */
    public Vacancies vacancies(String region) {
        return shards.ofRegion(region).vacancies();
    }

    public SessionStore sessions() {
        return shards.all().getFirst().sessions();
    }

    public SessionCensus census() {
        return shards.all().getFirst().census();
    }

    public HeartbeatStore heartbeats() {
        return shards.all().getFirst().heartbeats();
    }

    public SupplyStore supply() {
        return shards.all().getFirst().supply();
    }

    public GatewayRegistry gateways() {
        return new GatewayRegistry(shards.all().getFirst().database().sql());
    }

    /** @param self the gateway that writes it; see {@link GatewayRegistry} for when its open connections count as over */
    public ConnectionLog connections(GatewayRegistry.Gateway self) {
        return new PostgresConnectionLog(shards.all().getFirst().database().sql(), self.incarnation());
    }

    public Upkeep upkeep() {
        return new Upkeep(shards.all().getFirst().database().sql());
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
