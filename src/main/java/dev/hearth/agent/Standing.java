package dev.hearth.agent;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the agent knows when a grant comes in.
 *
 * @param welcomed whether Postgres has told this agent its epoch; until then the epoch means nothing
 * @param session the session of {@code epoch}, if there is one
 * @param holders the clients that hold the browser, those on their way to Chrome included
 */
record Standing(
        boolean welcomed,
        boolean ended,
        boolean chromeReady,
        long epoch,
        @Nullable UUID session,
        List<Holder> holders) {

    record Holder(UUID connection, boolean exclusive, long heldMillis) {}
}
