package dev.hearth.bench.fleet;

import dev.hearth.claim.Sha256;
import dev.hearth.testing.postgres.DatabaseAddress;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.UUID;

/** The rows of a fleet: browsers that are warm and claimable, and what beats made of them. */
public record FleetRows(DatabaseAddress database, UUID pool, String poolName) {
    static final String POD = "pod-of-the-fleet";
    static final String TOKEN = "token-of-the-fleet";

    private static final int PORTION = 10_000;

    private static final String INSERT = """
            INSERT INTO hearth.browser (id, pool_id, namespace, pool, region, pod_name, pod_uid, address, state,
                   claimable, revision, token_hash)
            SELECT id, ?, 'shop', ?, 'eu', id::text, ?, '127.0.0.1:1', 'WARM', true, 'r1', ?
              FROM unnest(?::uuid[]) AS browser (id)
            """;

    /** Browsers from this number on, in portions: an array of all of them would take the memory of the whole fleet. */
    public void insert(int from, int count) throws SQLException {
        try (var connection = connect();
                var insert = connection.prepareStatement(INSERT)) {
            for (var done = 0; done < count; done += PORTION) {
                var ids = new UUID[Math.min(PORTION, count - done)];
                var first = from + done;
                Arrays.setAll(ids, n -> FleetIds.id(first + n));
                insert.setObject(1, pool);
                insert.setString(2, poolName);
                insert.setString(3, POD);
                insert.setBytes(4, Sha256.of(TOKEN));
                insert.setArray(5, connection.createArrayOf("uuid", ids));
                insert.executeUpdate();
            }
        }
        execute("VACUUM ANALYZE hearth.browser");
    }

    private static final String NEWEST = """
            SELECT b.id, l.sequence, b.claimable
              FROM hearth.browser b
              LEFT JOIN hearth.liveness l ON l.browser_id = b.id
             WHERE b.pool_id = ?
            """;

    /**
     * Compares each row with the newest beat that its browser sent.
     *
     * @param unwritten so many of a browser's last beats may be missing
     */
    public Verdict verdict(Fleet fleet, int unwritten) throws SQLException {
        var newest = fleet.newest();
        var missing = 0;
        var stale = 0;
        var falselyDead = 0;
        var missedDead = 0;
        try (var connection = connect();
                var query = connection.prepareStatement(NEWEST)) {
            connection.setAutoCommit(false);
            query.setFetchSize(PORTION);
            query.setObject(1, pool);
            try (var rows = query.executeQuery()) {
                while (rows.next()) {
                    var browser = FleetIds.number(rows.getObject(1, UUID.class));
                    var written = rows.getLong(2);
                    if (rows.wasNull()) {
                        missing++;
                    } else if (written > newest[browser] || written < newest[browser] - unwritten) {
                        stale++;
                    }
                    if (fleet.isSilent(browser)) {
                        missedDead += rows.getBoolean(3) ? 1 : 0;
                    } else {
                        falselyDead += rows.getBoolean(3) ? 0 : 1;
                    }
                }
            }
        }
        return new Verdict(missing, stale, falselyDead, missedDead);
    }

    public int unclaimable() throws SQLException {
        try (var connection = connect();
                var query = connection.prepareStatement(
                        "SELECT count(*) FROM hearth.browser WHERE pool_id = ? AND NOT claimable")) {
            query.setObject(1, pool);
            try (var row = query.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        }
    }

    /**
     * @param missing browsers that beat and have no row
     * @param stale rows that are not the browser's newest beat, or near it where not all are written
     * @param falselyDead browsers that beat all the time and yet are out of the claim
     * @param missedDead browsers that fell silent and yet can be claimed
     */
    public record Verdict(int missing, int stale, int falselyDead, int missedDead) {
        public boolean isRight() {
            return missing == 0 && stale == 0 && falselyDead == 0 && missedDead == 0;
        }
    }

    public void clear() throws SQLException {
        execute("TRUNCATE hearth.browser, hearth.session, hearth.liveness");
    }

    private void execute(String sql) throws SQLException {
        try (var connection = connect();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(database.url(), database.user(), database.password());
    }
}
