package dev.hearth.store;

import dev.hearth.claim.EndReason;
import dev.hearth.claim.Session;
import dev.hearth.claim.SessionStore;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Sessions of all shards: one is looked for where its id says it is, many in all of them. A list that would miss the
 * sessions of a shard that is away is not given: who reads it would take them for ended.
 */
final class ShardedSessions implements SessionStore {
    /** As one database lists them. */
    static final Comparator<Session> NEWEST_FIRST = Comparator.comparing(Session::isLive)
            .thenComparing(Session::startedAt)
            .thenComparing(Session::id, Ids.AS_POSTGRES)
            .reversed();

    private final Shards shards;
    private final Consumer<Session> ended;

    /** @param ended hears of each session that was ended by request, before whoever ended it hears of it */
    ShardedSessions(Shards shards, Consumer<Session> ended) {
        this.shards = shards;
        this.ended = ended;
    }

    @Override
    public Optional<Session> find(@Nullable String project, UUID session) {
        return shards.ask(session, Optional::isEmpty, shard -> shard.sessions().find(project, session));
    }

    @Override
    public List<Session> list(String project, Filter filter) {
        return shards.lists(shard -> shard.sessions().list(project, filter), Session::id).stream()
                .sorted(NEWEST_FIRST)
                .limit(filter.limit())
                .toList();
    }

    @Override
    public Attachment attach(UUID session, @Nullable String project) {
        return shards.ask(
                session,
                Attachment.Unknown.class::isInstance,
                shard -> shard.sessions().attach(session, project));
    }

    @Override
    public Ending end(UUID session, @Nullable String project, EndReason reason) {
        var ending = shards.ask(
                session,
                Ending.Unknown.class::isInstance,
                shard -> shard.sessions().end(session, project, reason));
        if (ending instanceof Ending.Ended(var over)) {
            ended.accept(over);
        }
        return ending;
    }

    @Override
    public Duration browserTime(String project) {
        return Fan.ask(shards.all(), shard -> shard.sessions().browserTime(project)).all().stream()
                .reduce(Duration.ZERO, Duration::plus);
    }

    @Override
    public long proxyBytes(String project) {
        return Fan.ask(shards.all(), shard -> shard.sessions().proxyBytes(project)).all().stream()
                .reduce(0L, Long::sum);
    }
}
