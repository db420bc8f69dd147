package dev.hearth.http;

import dev.hearth.claim.ClaimRequest.Idempotency;
import dev.hearth.claim.Sha256;
import dev.hearth.gateway.Problem;
import dev.hearth.gateway.Refusal;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The Idempotency-Key header: a name for a request, so that repeating it claims nothing more. Pure. */
final class IdempotencyKey {
    /** A bare token or a quoted string of printable ASCII, as the draft and as clients in the wild send it. */
    private static final Pattern FORMAT =
            Pattern.compile("\"([\\x20-\\x7E&&[^\"\\\\]]{1,128})\"|([\\x21-\\x7E&&[^\"\\\\]]{1,128})");

    private IdempotencyKey() {}

    static Optional<Refusal> refusal(@Nullable String header) {
        return header == null || FORMAT.matcher(header).matches()
                ? Optional.empty()
                : Optional.of(Refusal.of(
                        Problem.IDEMPOTENCY_KEY_FORMAT,
                        "Idempotency-Key must be 1…128 printable ASCII characters, quoted or not."));
    }

    /** @param meaning the canonical request: the same key with another one is refused by the store */
    static @Nullable Idempotency of(@Nullable String header, String meaning) {
        if (header == null) {
            return null;
        }
        return new Idempotency(header.replaceAll("^\"|\"$", ""), Sha256.of(meaning));
    }
}
