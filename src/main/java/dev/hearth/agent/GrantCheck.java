package dev.hearth.agent;

import dev.hearth.wire.GrantCodec;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;

/** Whether a header is a grant of our gateways, for this pod, and still fresh. What it allows, {@link Arbiter} decides. */
interface GrantCheck {
    /** Larger: a stolen grant opens for longer. Smaller: clocks a little apart refuse honest clients. */
    Duration SKEW = Duration.ofSeconds(30);

    GrantCodec.Opened open(String header, Instant now);

    /** The first signature costs the loading of much code: paid while Chrome starts, not by the first client. */
    static void warmUp(GrantCheck check) {
        var forged = Base64.getUrlEncoder().encodeToString(new byte[64]);
        check.open(forged + "." + forged, Instant.EPOCH);
    }

    static GrantCheck of(List<PublicKey> keys, String podUid) {
        return (header, now) -> GrantCodec.open(header, keys, podUid, now, SKEW);
    }
}
