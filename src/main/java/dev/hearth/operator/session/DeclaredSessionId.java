package dev.hearth.operator.session;

import dev.hearth.claim.SessionIds;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
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
        var random = ByteBuffer.wrap(sha256("session of " + objectUid)).getLong();
        return new UUID(shape.getMostSignificantBits(), (random & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L);
    }

    static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }
}
