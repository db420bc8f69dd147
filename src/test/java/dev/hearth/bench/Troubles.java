package dev.hearth.bench;

import dev.hearth.gateway.GatewayKeys;
import dev.hearth.local.postgres.EmbeddedPostgres;
import dev.hearth.local.postgres.PostgresException;
import dev.hearth.testing.GatewayProcess;
import dev.hearth.testing.postgres.DatabaseAddress;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL and two gateways that are killed again and again: gateways at random, backends at random, and the whole
 * server right after it acknowledged a claim, by the client that was told.
 */
final class Troubles implements AutoCloseable {
    private static final Duration TICK = Duration.ofSeconds(1);
    private static final int GATEWAYS = 2;

    private final Path home;
    private final Pace pace;
    private final Random random = new Random(42);
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicReferenceArray<GatewayProcess> gateways = new AtomicReferenceArray<>(GATEWAYS);
    private final Path key;
    private volatile EmbeddedPostgres server;
    private volatile boolean armed;
    private volatile boolean over;
    private volatile @Nullable Exception failure;
    private @Nullable Thread thread;
    private int gatewayKills;
    private int backendKills;
    private int serverKills;

    /** Seconds from one to the next, on average. */
    record Pace(int gateway, int backends, int server) {}

    /** What was done. */
    record Done(int gateways, int backends, int servers) {}

    Troubles(Path home, Pace pace) {
        this.home = home;
        this.pace = pace;
        this.key = home.resolve("gateway.pem");
        GatewayKeys.generate(key);
        this.server = EmbeddedPostgres.start(home.resolve("postgres"));
    }

    EmbeddedPostgres server() {
        return server;
    }

    void begin(DatabaseAddress database) {
        for (var n = 0; n < GATEWAYS; n++) {
            gateways.set(n, gateway(n, database));
        }
        thread = Thread.ofPlatform().daemon().name("troubles").start(() -> run(database));
    }

    private GatewayProcess gateway(int number, DatabaseAddress database) {
        return GatewayProcess.start(home.resolve("gateway-" + number), database, key, ClaimsDatabase.REGION);
    }

    /** One gateway after the other. */
    int port() {
        return gateways.get(Math.floorMod(next.getAndIncrement(), GATEWAYS)).port();
    }

    /** A client was told of its claim just now: the worst moment for the server to die. */
    void acknowledged() {
        if (armed) {
            synchronized (this) {
                if (armed) {
                    armed = false;
                    ProcessHandle.of(server.pid()).ifPresent(ProcessHandle::destroyForcibly);
                }
            }
        }
    }

    private void run(DatabaseAddress database) {
        try {
            while (!over) {
                LockSupport.parkNanos(TICK.toNanos());
                if (due(pace.backends())) {
                    terminateBackends();
                }
                if (due(pace.gateway())) {
                    replace(random.nextInt(GATEWAYS), database);
                }
                if (due(pace.server())) {
                    killServer();
                }
            }
        } catch (Exception broken) {
            failure = broken;
        }
    }

    private boolean due(int everySeconds) {
        return random.nextInt(everySeconds) == 0;
    }

    private void replace(int number, DatabaseAddress database) {
        gateways.get(number).kill();
        gatewayKills++;
        gateways.set(number, gateway(number, database));
    }

    private void killServer() throws Exception {
        var dying = ProcessHandle.of(server.pid()).orElseThrow();
        armed = true;
        if (!died(dying)) {
            return;
        }
        serverKills++;
        // Its directory is ours until then.
        server.close();
        server = restarted(server.port());
    }

    /** By a client's hand. Where the last of them has ended its work nobody does it any more. */
    private boolean died(ProcessHandle dying) throws Exception {
        for (var seconds = 1; ; seconds++) {
            try {
                dying.onExit().get(1, TimeUnit.SECONDS);
                return true;
            } catch (TimeoutException notYet) {
                if (over) {
                    return false;
                }
                if (seconds == 60) {
                    throw notYet;
                }
            }
        }
    }

    /** Backends of the dead server that are not through yet keep the next one from starting. */
    private EmbeddedPostgres restarted(int port) {
        for (var attempt = 1; ; attempt++) {
            try {
                return EmbeddedPostgres.start(home.resolve("postgres"), port);
            } catch (PostgresException notYet) {
                if (attempt == 10) {
                    throw notYet;
                }
                LockSupport.parkNanos(TICK.toNanos());
            }
        }
    }

    private void terminateBackends() {
        try (var connection = DriverManager.getConnection(server.jdbcUrl(), server.user(), server.password());
                var statement = connection.createStatement();
                var rows = statement.executeQuery("""
                        SELECT count(pg_terminate_backend(pid))
                          FROM (SELECT pid FROM pg_stat_activity
                                 WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()
                                 ORDER BY random() LIMIT 3) AS victims
                        """)) {
            rows.next();
            backendKills += rows.getInt(1);
        } catch (SQLException e) {
            // With the server away its turn comes again. A statement that is wrong would never make any trouble.
            if (e.getSQLState() != null && e.getSQLState().startsWith("42")) {
                throw new IllegalStateException(e);
            }
        }
    }

    void check() {
        if (failure != null) {
            throw new IllegalStateException("whoever makes the trouble is in trouble: the run is void", failure);
        }
    }

    /** No more of it; what is running goes on running. */
    Done end() throws InterruptedException {
        over = true;
        armed = false;
        if (thread != null) {
            thread.join();
        }
        check();
        return new Done(gatewayKills, backendKills, serverKills);
    }

    @Override
    public void close() {
        List<AutoCloseable> running = new ArrayList<>();
        for (var n = 0; n < GATEWAYS; n++) {
            if (gateways.get(n) != null) {
                running.add(gateways.get(n));
            }
        }
        running.add(server);
        for (var each : running) {
            try {
                each.close();
            } catch (Exception gone) {
                throw new IllegalStateException(gone);
            }
        }
    }
}
