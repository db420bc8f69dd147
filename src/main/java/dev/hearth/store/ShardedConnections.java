package dev.hearth.store;

import dev.hearth.claim.ConnectionLog;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Connections of all shards' sessions, each beside its session. */
final class ShardedConnections implements ConnectionLog {
    private final Shards shards;
    private final UUID gateway;

    ShardedConnections(Shards shards, UUID gateway) {
        this.shards = shards;
        this.gateway = gateway;
    }

    @Override
    public void began(UUID session, UUID connection) {
        shards.ask(session, _ -> false, shard -> {
            of(shard).began(session, connection);
            return true;
        });
    }

    @Override
    public void ended(UUID session, UUID connection, Duration held) {
        shards.ask(session, _ -> false, shard -> {
            of(shard).ended(session, connection, held);
            return true;
        });
    }

    @Override
    public Optional<Connection> last(UUID session) {
        return shards.ask(session, Optional::isEmpty, shard -> of(shard).last(session));
    }

    /** Which rows come before the wanted ones is not known to one shard alone, so each gives all up to their end. */
    @Override
    public List<Held> list(String project, Filter filter) {
        var upTo = new Filter(filter.metadata(), filter.live(), filter.offset() + filter.limit(), 0);
        return shards
                .lists(
                        shard -> of(shard).list(project, upTo),
                        held -> held.session().id())
                .stream()
                .sorted(Comparator.comparing(Held::session, ShardedSessions.NEWEST_FIRST))
                .skip(filter.offset())
                .limit(filter.limit())
                .toList();
    }

    private ConnectionLog of(Shard shard) {
        return new PostgresConnectionLog(shard.database().sql(), gateway);
    }
}
