package dev.hearth.operator.project;

import dev.hearth.claim.Directory;
import dev.hearth.claim.Sha256;
import dev.hearth.operator.Labels;
import io.fabric8.kubernetes.api.model.Secret;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** What a key's Secret is worth now. Pure. */
final class ApiKeys {
    /** Shorter keys can be guessed by asking. */
    private static final int SHORTEST = 20;

    /** What a gateway reads of a credential: a longer key would be stored and never accepted. */
    private static final int LONGEST = 256;

    private static final int HINT = 4;

    private ApiKeys() {}

    /** A usable key, or why there is none. */
    sealed interface Reading {
        /** @param expires when it stops working; null: never */
        record Usable(Directory.Key key, @Nullable Instant expires) implements Reading {}

        record Expired() implements Reading {}

        record Refused(String why) implements Reading {}
    }

    static Reading read(Secret secret, Instant now) {
        var encoded = secret.getData() == null ? null : secret.getData().get("key");
        if (encoded == null) {
            return new Reading.Refused("data.key is missing");
        }
        String key;
        Instant expires;
        try {
            key = new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8).strip();
            expires = expires(secret);
        } catch (IllegalArgumentException malformed) {
            return new Reading.Refused("data.key is not base64");
        } catch (DateTimeException malformed) {
            return new Reading.Refused("annotation " + Labels.EXPIRES + " must be a time like 2027-01-31T00:00:00Z");
        }
        if (key.length() < SHORTEST || key.length() > LONGEST) {
            return new Reading.Refused(
                    "data.key has %d characters; %d to %d are allowed".formatted(key.length(), SHORTEST, LONGEST));
        }
        if (expires != null && !expires.isAfter(now)) {
            return new Reading.Expired();
        }
        return new Reading.Usable(new Directory.Key(Sha256.of(key), key.substring(0, HINT) + "…"), expires);
    }

    private static @Nullable Instant expires(Secret secret) {
        var annotations = secret.getMetadata().getAnnotations();
        var text = annotations == null ? null : annotations.get(Labels.EXPIRES);
        return text == null ? null : Instant.parse(text);
    }
}
