package dev.hearth.operator;

import dev.hearth.claim.Session;

/** Where a session's client connects. */
@FunctionalInterface
public interface ConnectUrls {
    Urls of(Session session);

    /** @param full with the secret that opens the session; kept in a Secret only @param open without it, for status */
    record Urls(String full, String open) {
        @Override
        public String toString() {
            return "Urls[open=" + open + "]";
        }
    }
}
