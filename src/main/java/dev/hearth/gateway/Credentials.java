package dev.hearth.gateway;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;

/** Finds the API key in what a caller sent. Pure; says nothing about whether the key is known. */
public final class Credentials {
    /** Longer than any key of ours; bounds what is hashed for strangers. */
    private static final int LONGEST = 256;

    private Credentials() {}

    /** What a caller presented. */
    public sealed interface Presented {
        record Key(String value) implements Presented {
            @Override
            public String toString() {
                return "Key[…]";
            }
        }

        record Refused(Refusal refusal) implements Presented {}
    }

    /** Every place a key may stand in. {@code query} is empty on paths where a URL must not carry one. */
    public record Sent(List<String> authorization, List<String> bbApiKey, List<String> query) {
        @Override
        public String toString() {
            return "Sent[…]";
        }
    }

    public static Presented in(Sent sent) {
        var keys = new LinkedHashSet<String>();
        for (var authorization : sent.authorization()) {
            if (!authorization.toLowerCase(Locale.ROOT).startsWith("bearer ")
                    || authorization.substring(7).isBlank()) {
                return refused(
                        Problem.AUTH_SCHEME, "Send 'Authorization: Bearer <api key>' or 'X-BB-API-Key: <api key>'.");
            }
            keys.add(authorization.substring(7).strip());
        }
        sent.bbApiKey().forEach(key -> keys.add(key.strip()));
        sent.query().forEach(key -> keys.add(key.strip()));
        if (keys.size() > 1) {
            return new Presented.Refused(Refusal.of(
                    Problem.CREDENTIAL_AMBIGUOUS, "Two different API keys were sent; send one, in one place."));
        }
        return keys.stream()
                .findFirst()
                .filter(key -> !key.isEmpty())
                .<Presented>map(Credentials::bounded)
                .orElseGet(() -> refused(
                        Problem.AUTH_MISSING, "Send 'Authorization: Bearer <api key>' or 'X-BB-API-Key: <api key>'."));
    }

    /** Unknown, revoked and expired keys read alike, and so does what can be no key at all. */
    public static Refusal unknown() {
        return Refusal.of(Problem.AUTH_INVALID, "This API key is not valid here.")
                .header("WWW-Authenticate", "Bearer");
    }

    private static Presented bounded(String key) {
        return key.length() > LONGEST ? new Presented.Refused(unknown()) : new Presented.Key(key);
    }

    private static Presented refused(Problem problem, String detail) {
        return new Presented.Refused(Refusal.of(problem, detail).header("WWW-Authenticate", "Bearer"));
    }
}
