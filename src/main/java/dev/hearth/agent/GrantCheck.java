package dev.hearth.agent;

import dev.hearth.wire.GrantCodec;
import dev.hearth.wire.VerifyingKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Whether a header is a grant of our gateways, for this pod, and still fresh. What it allows, {@link Arbiter} decides. */
interface GrantCheck {
    /** Larger: a stolen grant opens for longer. Smaller: clocks a little apart refuse honest clients. */
    Duration SKEW = Duration.ofSeconds(30);

    GrantCodec.Opened open(String header, Instant now);

    static GrantCheck of(List<VerifyingKey> keys, String podUid) {
        return (header, now) -> GrantCodec.open(header, keys, podUid, now, SKEW);
    }
}
