package dev.hearth.agent;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The head of a request or of an answer: three words and the headers by lower-case name. A header that came twice holds
 * both values joined by a comma, which no header that we trust survives.
 */
record HttpHead(String first, String second, String third, Map<String, String> headers) {
    String method() {
        return first;
    }

    String target() {
        return second;
    }

    String status() {
        return second;
    }

    @Nullable
    String header(String lowerCaseName) {
        return headers.get(lowerCaseName);
    }

    /** Headers may hold a grant. */
    @Override
    public String toString() {
        return first + " " + second;
    }
}
