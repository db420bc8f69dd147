package dev.hearth.operator.session;

import dev.hearth.claim.SessionIds;
import dev.hearth.claim.Sha256;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.UUID;

/**
 * The session id of a declared session, always the same for the same object: whatever answer was lost, the session can be
 * found and ended by the object alone.
 */
final class DeclaredSessionId {
    private DeclaredSessionId() {}

    /** @param objectUid random in itself, so the id is as hard to guess as any */
    static UUID of(String objectUid, Instant createdAt, int virtualShard) {
        var shape = SessionIds.mint(virtualShard, createdAt);
        var random = ByteBuffer.wrap(Sha256.of("session of " + objectUid)).getLong();
        return new UUID(shape.getMostSignificantBits(), (random & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L);
    }
}
