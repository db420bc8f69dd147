package dev.hearth.store;

import dev.hearth.claim.ClaimStore;
import dev.hearth.claim.ConnectionLog;
import dev.hearth.claim.Deadlines;
import dev.hearth.claim.Directory;
import dev.hearth.claim.HeartbeatStore;
import dev.hearth.claim.RegionLags;
import dev.hearth.claim.Session;
import dev.hearth.claim.SessionCensus;
import dev.hearth.claim.SessionListener;
import dev.hearth.claim.SessionStore;
import dev.hearth.claim.Vacancies;
import dev.hearth.pool.SupplyStore;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * All stores of one process, whatever number of shards is behind them. Opening migrates the schemas first; closing gives
 * the connections back.
 */
public final class Stores implements AutoCloseable {
    private final Database control;
    private final Shards shards;
    private final Preparation preparation;
    private final @Nullable RegionsWatch watch;
    private final ReservedEntrance reserved;
    private final Reservations reservations;
    private final Directory directory;
    private final SupplyStore supply;

    private Stores(Database control, Shards shards, Preparation preparation, AtomicReference<SessionListener> ended) {
        this.control = control;
        this.shards = shards;
        this.preparation = preparation;
        this.watch = shards.areSeveral() ? new RegionsWatch(shards.regions()) : null;
        var sql = control.sql();
        var limited = new LimitedProjects(sql);
        this.reservations = new Reservations(sql);
        this.reserved = new ReservedEntrance(reservations, limited, shards);
        this.directory = new PostgresDirectory(sql, shards, limited);
        this.supply = new ShardedSupply(sql, shards, new PoolRegions(sql));
        if (shards.areSeveral()) {
            ended.set(reserved);
        }
    }

    /**
     * @throws SchemaException in one line, where a schema cannot be migrated or is newer than this program
     */
    public static Stores open(StoreSettings settings) {
        return open(settings, SessionListener.NOBODY);
    }

    /** @param listener hears of every session that ends through these stores */
    public static Stores open(StoreSettings settings, SessionListener listener) {
        Migrations.CONTROL.apply(settings.control());
        return connect(settings, listener, Preparation.of(settings.shards()));
    }

    /** To schemas that are known to fit. */
    static Stores connect(StoreSettings settings, SessionListener listener) {
        return connect(settings, listener, Preparation.of(Map.of()));
    }

    private static Stores connect(StoreSettings settings, SessionListener listener, Preparation preparation) {
        var control = Database.open(settings.control(), Migrations.CONTROL.schema());
        var regions = new Regions(control.sql(), settings::shardOfNewRegion);
        var reservations = new AtomicReference<>(SessionListener.NOBODY);
        var both = new SessionListener() {
            @Override
            public void ended(Session session) {
                listener.ended(session);
                reservations.get().ended(session);
            }

            @Override
            public void reset(int renewed, int givenUp) {
                listener.reset(renewed, givenUp);
            }
        };
        var byName = new LinkedHashMap<String, Shard>();
        settings.shards()
                .forEach((name, database) -> byName.put(
                        name,
                        Shard.on(
                                name,
                                Database.open(database, Migrations.SHARD.schema()),
                                regions,
                                both,
                                settings.bus(),
                                database.timeouts().acquire())));
        var shards = new Shards(byName, regions);
        preparation.goOn(shards);
        return new Stores(control, shards, preparation, reservations);
    }

    public Directory directory() {
        return directory;
    }

    /** Of all regions: each candidate is asked where it is. */
    public ClaimStore claims() {
        return new ShardedClaims(shards, shards.areSeveral() ? reserved : Entrance.OPEN);
    }

    /** Of the one database that serves this region, past what holds over several: for measuring, and for tests of it alone. */
    public ClaimStore claims(String region) {
        return shards.ofRegion(region).claims();
    }

    public Vacancies vacancies() {
        return new ShardedVacancies(shards, reservations, reserved);
    }

    public SessionStore sessions() {
        return new ShardedSessions(shards, session -> {
            if (shards.areSeveral()) {
                reserved.release(List.of(session.id()));
            }
        });
    }

    public SessionCensus census() {
        return new ShardedCensus(shards);
    }

    /** Of a gateway that has every beat written: it needs no name. */
    public HeartbeatStore heartbeats() {
        return new ShardedHeartbeats(shards, UUID.randomUUID());
    }

    /** @param self the gateway that hears them */
    public HeartbeatStore heartbeats(GatewayRegistry.Gateway self) {
        return new ShardedHeartbeats(shards, self.incarnation());
    }

    /** @param self the gateway that tells them */
    public RegionLags regionLags(GatewayRegistry.Gateway self) {
        return new PostgresRegionLags(control.sql(), self.incarnation());
    }

    public Deadlines deadlines() {
        return () -> shards.all().stream().<Deadlines.OfShard>map(Shard::sweep).toList();
    }

    public SupplyStore supply() {
        return supply;
    }

    /** @param self the gateway that writes it; see {@link GatewayRegistry} for when its open connections count as over */
    public ConnectionLog connections(GatewayRegistry.Gateway self) {
        return new ShardedConnections(shards, self.incarnation());
    }

    Shards shards() {
        return shards;
    }

    /** What each shard needs by the clock, for each by itself. */
    public List<ShardUpkeep> upkeep() {
        return shards.all().stream()
                .map(shard -> new ShardUpkeep(
                        shard.name(),
                        new GatewayRegistry(shard.database().sql(), shards.regions()::version),
                        new Upkeep(shard.database().sql())))
                .toList();
    }

    public ReservationAudit reservationAudit() {
        return new ReservationAudit(control.sql(), reservations, shards);
    }

    /** What the ids of a region's sessions carry: see {@code SessionIds.mint}. */
    public int virtualShard(String region) {
        return shards.regions().virtualShard(region);
    }

    @Override
    public void close() {
        if (watch != null) {
            watch.close();
        }
        preparation.close();
        reserved.close();
        shards.all().forEach(Shard::close);
        control.close();
    }

    /** @param name of the shard */
    public record ShardUpkeep(String name, GatewayRegistry gateways, Upkeep upkeep) {}
}
