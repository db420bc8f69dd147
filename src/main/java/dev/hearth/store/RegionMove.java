package dev.hearth.store;

import dev.hearth.store.MovePlan.Standing;
import dev.hearth.store.MovePlan.Wish;
import dev.hearth.store.Sql.Statements;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.function.Consumer;

/**
 * Moves a region's rows from one shard to another under load (adr/0012). Each step may be repeated: whoever runs a move that
 * broke off again finishes it.
 */
public final class RegionMove {
    private static final Duration GONE_BY = Duration.ofSeconds(10);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);

    private final StoreSettings settings;
    private final Wish wish;
    private final Consumer<String> progress;

    private RegionMove(StoreSettings settings, Wish wish, Consumer<String> progress) {
        this.settings = settings;
        this.wish = wish;
        this.progress = progress;
    }

    /**
     * @param cancel undo a move that has not arrived
     * @param progress hears of each step that is done
     * @throws MoveFailure where it is refused or broke off
     */
    public static void run(StoreSettings settings, String region, String to, boolean cancel, Consumer<String> progress)
            throws InterruptedException {
        try {
            new RegionMove(settings, new Wish(region, to, cancel), progress).run();
        } catch (SQLException e) {
            throw MoveFailure.brokenOff(e);
        }
    }

    /** A mover that was killed is gone for its database only when that has noticed. */
    private void requireAlone(MoveLedger ledger) throws SQLException, InterruptedException {
        var until = System.nanoTime() + GONE_BY.toNanos();
        while (!ledger.alone()) {
            if (System.nanoTime() > until) {
                throw new MoveFailure("another move of region '%s' is under way: wait for it".formatted(wish.region()));
            }
            Thread.sleep(BETWEEN_LOOKS);
        }
    }

    private void run() throws SQLException, InterruptedException {
        try (var control = connect(settings.control(), Migrations.CONTROL.schema())) {
            var statements = new Statements(control);
            requireSchema(statements, Migrations.CONTROL, "the control database");
            var ledger = new MoveLedger(statements, wish.region());
            requireAlone(ledger);
            var standing = ledger.standing();
            if (standing.isEmpty()) {
                throw new MoveFailure("no region '%s' is known; known are %s"
                        .formatted(wish.region(), String.join(", ", ledger.regions())));
            }
            follow(MovePlan.of(standing.get(), wish, settings.shards().keySet()), ledger, standing.get());
        }
    }

    private void follow(MovePlan plan, MoveLedger ledger, Standing standing) throws SQLException, InterruptedException {
        switch (plan) {
            case MovePlan.Refuse(var why) -> throw new MoveFailure("region '%s': %s".formatted(wish.region(), why));
            case MovePlan.Carry(var from, var to) -> {
                try (var here = end(from, standing);
                        var there = end(to, standing)) {
                    carry(here, there, ledger, standing);
                    clear(here, ledger, standing);
                }
            }
            case MovePlan.Clear(var from, var _) -> {
                try (var here = end(from, standing)) {
                    clear(here, ledger, standing);
                }
            }
            case MovePlan.Undo(var from, var to) -> {
                try (var here = end(from, standing);
                        var there = end(to, standing)) {
                    undo(here, there, ledger, standing);
                }
            }
        }
    }

    private void carry(End here, End there, MoveLedger ledger, Standing standing)
            throws SQLException, InterruptedException {
        refuseWhoDoesNotKnow(here, there, ledger);
        ledger.begin(standing, there.name());
        there.rows().clear();
        there.rows().makeRoomFor(here.rows());
        say("begun: region '%s' from '%s' to '%s'".formatted(wish.region(), here.name(), there.name()));
        var begun = System.nanoTime();
        here.fence().raise();
        ledger.fenced(standing, there.name());
        say("fenced: nobody writes its rows in '%s'".formatted(here.name()));
        var copied = there.rows().takeOver(here.rows(), ledger.pools());
        say("copied: %d rows".formatted(copied));
        ledger.flip(standing, there.name());
        say("arrived: it is on '%s'; writes were held up for %d ms"
                .formatted(there.name(), (System.nanoTime() - begun) / 1_000_000));
    }

    private void clear(End here, MoveLedger ledger, Standing standing) throws SQLException, InterruptedException {
        here.fence().awaitAllKnow(ledger.version());
        say("known: to every gateway");
        var deleted = here.rows().clear();
        here.fence().drop();
        ledger.cleared(standing);
        say("cleared: %d rows in '%s'".formatted(deleted, here.name()));
    }

    private void undo(End here, End there, MoveLedger ledger, Standing standing)
            throws SQLException, InterruptedException {
        there.rows().clear();
        here.fence().drop();
        here.fence().stays();
        ledger.undone(standing);
        say("undone: region '%s' stays on '%s'".formatted(wish.region(), here.name()));
    }

    /** One that does not would go on in the old shard, or could not serve the new one. */
    private void refuseWhoDoesNotKnow(End here, End there, MoveLedger ledger) throws SQLException {
        var known = Math.min(1, ledger.version());
        var behind = here.fence().behind(known);
        if (!behind.isEmpty()) {
            throw new MoveFailure(
                    "gateways %s are older than moves, or know of one shard only: restart them as this one"
                            .formatted(behind));
        }
        var strangers = gateways(here);
        strangers.removeAll(gateways(there));
        if (!strangers.isEmpty()) {
            throw new MoveFailure("gateways %s do not reach shard '%s': name it to them and restart them"
                    .formatted(strangers, there.name()));
        }
    }

    private static List<String> gateways(End end) throws SQLException {
        return end.fence().behind(Long.MAX_VALUE);
    }

    private void say(String line) {
        progress.accept(line);
    }

    private End end(String name, Standing standing) throws SQLException {
        var database = settings.shards().get(name);
        if (database == null) {
            throw new MoveFailure("shard '%s', where the region is, is not configured here".formatted(name));
        }
        var connection = connect(database, Migrations.SHARD.schema());
        var statements = new Statements(connection);
        requireSchema(statements, Migrations.SHARD, "shard '" + name + "'");
        return new End(
                name,
                connection,
                MovingRows.of(connection, wish.region(), standing.virtualShard()),
                new MoveFence(statements, wish.region(), standing.virtualShard()));
    }

    /** One of the two shards. */
    private record End(String name, Connection connection, MovingRows rows, MoveFence fence) implements AutoCloseable {
        @Override
        public void close() throws SQLException {
            connection.close();
        }
    }

    private static final String PREPARED = """
            SELECT /* move.prepared */ to_regclass('schema_version') IS NOT NULL AS prepared
            """;

    private static final String VERSION = """
            SELECT /* move.schema */ script FROM schema_version WHERE success ORDER BY installed_rank DESC LIMIT 1
            """;

    private static void requireSchema(Statements statements, Migrations wanted, String where) throws SQLException {
        var prepared =
                statements.query(PREPARED, row -> row.getBoolean("prepared")).getFirst()
                        && statements.query(VERSION, row -> SessionRows.text(row, "script")).stream()
                                .anyMatch(
                                        script -> script.endsWith(wanted.files().getLast()));
        if (!prepared) {
            throw new MoveFailure(where + " does not have this program's schema ("
                    + wanted.files().getLast() + "): start gateways of this version first");
        }
    }

    /** Without a limit to an answer: a region of millions of rows is copied by one statement. */
    private static Connection connect(DatabaseSettings database, String schema) throws SQLException {
        var properties = new Properties();
        properties.setProperty("user", database.user());
        properties.setProperty("password", database.password());
        properties.setProperty("currentSchema", schema);
        properties.setProperty("ApplicationName", "hearth-move");
        properties.setProperty(
                "connectTimeout", Long.toString(database.timeouts().connect().toSeconds()));
        properties.setProperty("tcpKeepAlive", "true");
        var connection = DriverManager.getConnection(database.url(), properties);
        try {
            new Statements(connection).query(Unhurried.LIFT_LIMITS, row -> row.getString(1));
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }
}
