package dev.hearth.store;

import dev.hearth.claim.StoreException;
import dev.hearth.store.Sql.Array;
import java.util.HashSet;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares reservations with the sessions there are: places that no session holds are given back, sessions that hold none
 * are given theirs. Of a shard that is away nothing is said: its sessions keep their places. Safe from several processes.
 */
public final class ReservationAudit {
    private static final Logger LOG = LoggerFactory.getLogger(ReservationAudit.class);

    private final Sql control;
    private final Reservations reservations;
    private final Shards shards;

    ReservationAudit(Sql control, Reservations reservations, Shards shards) {
        this.control = control;
        this.reservations = reservations;
        this.shards = shards;
    }

    /** Without several shards there are no reservations. */
    public void run() {
        if (shards.areSeveral()) {
            freePlacesOfNobody();
            shards.all().forEach(this::givePlaces);
            control.inTransaction(statements -> statements.update(DROP_OLD));
        }
    }

    /** A minute: far longer than a claim lives between its reservation and its session. */
    private static final String HELD = """
            SELECT /* reservation.held */ session_id
              FROM reservation
             WHERE held AND asked_at < hearth_now() - interval '1 minute'
            """;

    private static final String LIVE = """
            SELECT /* reservation.live */ id FROM session WHERE id = ANY (?::uuid[])
            """;

    private void freePlacesOfNobody() {
        // Who is looked for where it was would lose its place.
        shards.regions().refresh();
        var version = shards.regions().version();
        var held = control.reading(statements -> statements.query(HELD, row -> SessionRows.uuid(row, "session_id")));
        shards.split(held, id -> id).forEach((shard, ids) -> {
            try {
                var dead = new HashSet<>(ids);
                shard.database()
                        .sql()
                        .reading(statements ->
                                statements.query(LIVE, row -> SessionRows.uuid(row, "id"), Array.of("uuid", ids)))
                        .forEach(dead::remove);
                if (!dead.isEmpty() && version == shards.regions().version()) {
                    reservations.release(dead);
                }
            } catch (StoreException away) {
                LOG.atDebug().setCause(away).log("places of a shard's sessions are audited later");
            }
        });
    }

    private static final String LIMITED = """
            SELECT /* reservation.limited-projects */ name
              FROM project
             WHERE concurrency IS NOT NULL OR creates_per_minute IS NOT NULL
            """;

    private static final String OF_PROJECTS = """
            SELECT /* reservation.sessions */ id, project FROM session WHERE project = ANY (?::text[])
            """;

    private static final String GIVE = """
            INSERT /* reservation.give */ INTO reservation AS r (id, project, session_id, held, asked_at, created_at)
            SELECT s.id, s.project, s.session_id, true, hearth_now(), hearth_now()
              FROM unnest(?::uuid[], ?::text[], ?::uuid[]) AS s (id, project, session_id)
                ON CONFLICT (id) DO UPDATE SET held = true WHERE NOT r.held
            """;

    /** Sessions from before there were several shards, or before their project had a limit. */
    private void givePlaces(Shard shard) {
        try {
            var projects = control.reading(statements -> statements.query(LIMITED, row -> row.getString("name")));
            var sessions = shard.database()
                    .sql()
                    .reading(statements -> statements.query(
                            OF_PROJECTS,
                            row -> new Owned(SessionRows.uuid(row, "id"), SessionRows.text(row, "project")),
                            Array.of("text", projects)));
            if (!sessions.isEmpty()) {
                control.inTransaction(statements -> statements.update(
                        GIVE,
                        Array.of(
                                "uuid",
                                sessions.stream()
                                        .map(each -> Reservations.of(each.session()))
                                        .toList()),
                        Array.of("text", sessions.stream().map(Owned::project).toList()),
                        Array.of("uuid", sessions.stream().map(Owned::session).toList())));
            }
        } catch (StoreException away) {
            LOG.atDebug().setCause(away).log("a shard's sessions get their places later");
        }
    }

    private record Owned(UUID session, String project) {}

    private static final String DROP_OLD = """
            DELETE /* reservation.drop-old */ FROM reservation
             WHERE NOT held AND created_at < hearth_now() - interval '24 hours'
            """;
}
