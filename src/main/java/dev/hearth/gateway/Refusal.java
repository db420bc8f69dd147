package dev.hearth.gateway;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Why a request was refused, as its caller will read it. The detail says what, where and what is allowed; it never holds
 * an address of ours, SQL or a secret, and quotes at most 64 printable characters of what was sent: {@link #quote}.
 *
 * @param field the JSON pointer of the value at fault, if one is
 * @param extra further members of the problem document, in order
 */
public record Refusal(
        Problem problem,
        String detail,
        @Nullable String field,
        Map<String, String> headers,
        Map<String, Object> extra) {

    public static Refusal of(Problem problem, String detail) {
        return new Refusal(problem, detail, null, Map.of(), Map.of());
    }

    public Refusal at(String pointer) {
        return new Refusal(problem, detail, pointer, headers, extra);
    }

    public Refusal header(String name, String value) {
        var more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Refusal(problem, detail, field, Map.copyOf(more), extra);
    }

    public Refusal with(String name, Object value) {
        var more = new LinkedHashMap<>(extra);
        more.put(name, value);
        return new Refusal(problem, detail, field, headers, more);
    }

    public Refusal retryAfter(long seconds) {
        return header("Retry-After", Long.toString(Math.max(1, seconds)));
    }

    /** Tells Browserbase's SDKs, which repeat on 409, 429 and 5xx, whether repeating is safe and of use. */
    public Refusal shouldRetry(boolean useful) {
        return header("x-should-retry", Boolean.toString(useful));
    }

    /** What was sent, safe to show: 64 printable ASCII characters at most. */
    public static String quote(String sent) {
        var shown = new StringBuilder("'");
        sent.codePoints().limit(64).forEach(c -> shown.appendCodePoint(c >= 0x20 && c < 0x7F && c != '\'' ? c : '?'));
        return shown.append(sent.length() > 64 ? "…'" : "'").toString();
    }
}
