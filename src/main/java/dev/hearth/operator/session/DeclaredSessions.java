package dev.hearth.operator.session;

import dev.hearth.api.v1alpha1.BrowserSession;
import dev.hearth.claim.SessionIds;
import java.time.Instant;
import java.util.UUID;

/** Which sessions objects have declared. Pure. */
public final class DeclaredSessions {
    private DeclaredSessions() {}

    /** Whether this object declared this session: told by the two alone, before any status says so. */
    public static boolean isOf(UUID session, BrowserSession object) {
        var meta = object.getMetadata();
        return DeclaredSessionId.of(
                        meta.getUid(), Instant.parse(meta.getCreationTimestamp()), SessionIds.virtualShard(session))
                .equals(session);
    }
}
