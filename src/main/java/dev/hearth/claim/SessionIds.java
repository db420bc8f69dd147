package dev.hearth.claim;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * Session ids: UUIDv8 of 48 bits of milliseconds, 12 bits of virtual shard and 62 random bits. The virtual shard belongs
 * to a region for good and maps to a database, so that a region can move without renaming its sessions.
 */
public final class SessionIds {
    /** Virtual shards are 0 … 4095. */
    public static final int VIRTUAL_SHARDS = 4096;

    private static final SecureRandom RANDOM = new SecureRandom();

    private SessionIds() {}

    public static UUID mint(int virtualShard, Instant now) {
        if (virtualShard < 0 || virtualShard >= VIRTUAL_SHARDS) {
            throw new IllegalArgumentException("virtual shard " + virtualShard + " is not in 0…4095");
        }
        var high = (now.toEpochMilli() << 16) | 0x8000L | virtualShard;
        var low = (RANDOM.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
        return new UUID(high, low);
    }

    /** The id that the same claim's session has in another region: all but the virtual shard stays. */
    public static UUID in(UUID session, int virtualShard) {
        return new UUID((session.getMostSignificantBits() & ~0xFFFL) | virtualShard, session.getLeastSignificantBits());
    }

    public static int virtualShard(UUID session) {
        return (int) (session.getMostSignificantBits() & 0xFFF);
    }

    /** Empty for what could not be a session id at all; saves a look-up. */
    public static Optional<UUID> parse(String text) {
        try {
            return Optional.of(UUID.fromString(text)).filter(SessionIds::plausible);
        } catch (IllegalArgumentException notAnId) {
            return Optional.empty();
        }
    }

    public static boolean plausible(UUID id) {
        return id.version() == 8 && id.variant() == 2;
    }
}
