package dev.hearth.store;

import java.util.List;
import java.util.UUID;
import java.util.function.LongSupplier;

/** Which gateways live. Each renews its row every second; one that was silent for 3 s is dead. */
public final class GatewayRegistry {
    private final Sql sql;
    private final LongSupplier mapVersion;

    /** @param mapVersion of the map of the regions that this process has: a move waits until all have the newest */
    GatewayRegistry(Sql sql, LongSupplier mapVersion) {
        this.sql = sql;
        this.mapVersion = mapVersion;
    }

    private static final String RENEW = """
            INSERT /* gateway.renew */ INTO gateway (id, incarnation, seen_at, map_version)
            VALUES (?, ?, hearth_now(), ?)
                ON CONFLICT (id) DO UPDATE
               SET incarnation = EXCLUDED.incarnation, seen_at = EXCLUDED.seen_at, map_version = EXCLUDED.map_version
            """;

    public void renew(Gateway gateway) {
        sql.inTransaction(
                statements -> statements.update(RENEW, gateway.id(), gateway.incarnation(), mapVersion.getAsLong()));
    }

    private static final String LIST = """
            SELECT /* gateway.list */ id, incarnation
              FROM gateway
             WHERE (seen_at >= hearth_now() - interval '3 s') = ?
             ORDER BY id
            """;

    public List<Gateway> live() {
        return list(true);
    }

    /** Their connections are gone, whatever they last said. */
    public List<Gateway> dead() {
        return list(false);
    }

    private List<Gateway> list(boolean live) {
        return sql.reading(statements -> statements.query(
                LIST, row -> new Gateway(SessionRows.text(row, "id"), SessionRows.uuid(row, "incarnation")), live));
    }

    private static final String LEAVE = """
            DELETE /* gateway.leave */ FROM gateway WHERE id = ? AND incarnation = ?
            """;

    /** A gateway that stops in order, or a dead one that was dealt with; a newer incarnation stays. */
    public void leave(Gateway gateway) {
        sql.inTransaction(statements -> statements.update(LEAVE, gateway.id(), gateway.incarnation()));
    }

    /** @param incarnation new with each start, so that a restarted gateway is not taken for its predecessor */
    public record Gateway(String id, UUID incarnation) {}
}
