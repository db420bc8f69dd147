package dev.hearth.wire;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.UUID;

/**
 * Turns grants into header values and back: {@code base64url(fields).base64url(Ed25519 signature)}. Verifying proves who
 * wrote the grant, not that it is meant for this pod or still fresh: {@link Opened} answers that.
 */
public final class GrantCodec {
    /** The header that carries a grant on every request from a gateway to an agent. */
    public static final String HEADER = "Hearth-Grant";

    /** Keeps a grant's signature from ever being accepted as a signature of something else. */
    private static final String DOMAIN = "hearth-grant-v1|";

    private static final String FORGED = "grant not signed by a gateway of this installation";

    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
    private static final Base64.Decoder DECODER = Base64.getUrlDecoder();
    /** Longer than any grant that we write; a longer header is refused before any cryptography. */
    private static final int LONGEST = 1024;

    private GrantCodec() {}

    /** What became of a header: a grant that this key signed, or why not. */
    public sealed interface Opened {
        record Valid(Grant grant) implements Opened {}

        record Refused(String why) implements Opened {}
    }

    public static String seal(Grant grant, SigningKey key) {
        var fields = String.join(
                "|",
                grant.kind().name(),
                grant.podUid(),
                grant.session().toString(),
                Long.toString(grant.epoch()),
                grant.connection().toString(),
                Long.toString(grant.expiresAt().toEpochMilli()),
                Boolean.toString(grant.exclusive()));
        return ENCODER.encodeToString(fields.getBytes(StandardCharsets.UTF_8)) + "."
                + ENCODER.encodeToString(key.sign(DOMAIN + fields));
    }

    /**
     * Opens with whichever key fits: several are valid while keys rotate. Where none does, says what is wrong with the
     * grant itself rather than that the other keys did not sign it.
     */
    public static Opened open(String header, List<VerifyingKey> keys, String podUid, Instant now, Duration skew) {
        Opened refusal = new Opened.Refused(FORGED);
        for (var key : keys) {
            var opened = open(header, key, podUid, now, skew);
            if (opened instanceof Opened.Valid) {
                return opened;
            }
            if (opened instanceof Opened.Refused(var why) && !why.equals(FORGED)) {
                refusal = opened;
            }
        }
        return refusal;
    }

    /** @param skew how far this machine's clock may run ahead of the gateway's before a live grant looks expired */
    public static Opened open(String header, VerifyingKey key, String podUid, Instant now, Duration skew) {
        if (header.length() > LONGEST) {
            return new Opened.Refused("grant longer than " + LONGEST + " characters");
        }
        var dot = header.indexOf('.');
        if (dot < 0) {
            return new Opened.Refused("grant has no signature");
        }
        try {
            var fields = new String(DECODER.decode(header.substring(0, dot)), StandardCharsets.UTF_8);
            if (!key.signed(DOMAIN + fields, DECODER.decode(header.substring(dot + 1)))) {
                return new Opened.Refused(FORGED);
            }
            var grant = parse(fields);
            if (!grant.podUid().equals(podUid)) {
                return new Opened.Refused("grant is for another pod");
            }
            return grant.expiresAt().plus(skew).isBefore(now)
                    ? new Opened.Refused("grant expired")
                    : new Opened.Valid(grant);
        } catch (IllegalArgumentException malformed) {
            return new Opened.Refused("grant is malformed");
        }
    }

    private static Grant parse(String fields) {
        var part = fields.split("\\|", -1);
        if (part.length != 7) {
            throw new IllegalArgumentException("7 fields expected, found " + part.length);
        }
        return new Grant(
                Grant.Kind.valueOf(part[0]),
                part[1],
                UUID.fromString(part[2]),
                Long.parseLong(part[3]),
                UUID.fromString(part[4]),
                Instant.ofEpochMilli(Long.parseLong(part[5])),
                Boolean.parseBoolean(part[6]));
    }
}
