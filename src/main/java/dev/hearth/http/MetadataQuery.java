package dev.hearth.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.hearth.gateway.Problem;
import dev.hearth.gateway.Refusal;
import java.util.ArrayList;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Browserbase's query language for sessions, {@code user_metadata['path']['to']['field']:'value'}: a string in the metadata
 * equals the value. A quote inside a name or value is written {@code \'}, a backslash {@code \\}. Pure.
 */
final class MetadataQuery {
    private static final int DEEPEST = 16;
    private static final String QUOTED = "'((?:[^'\\\\]|\\\\['\\\\])*+)'";
    private static final Pattern KEY = Pattern.compile("\\[" + QUOTED + "]");
    private static final Pattern QUERY =
            Pattern.compile("user_metadata((?:\\[" + QUOTED + "]){1," + DEEPEST + "}+):" + QUOTED);

    /** Longer than the metadata it could find. */
    private static final int LONGEST = 4096;

    private MetadataQuery() {}

    /** What the metadata must contain, or why the query says nothing. */
    sealed interface Parsed {
        record Usable(String contained) implements Parsed {}

        record Refused(Refusal refusal) implements Parsed {}
    }

    static Parsed parse(String query) {
        return refusal(query).<Parsed>map(Parsed.Refused::new).orElseGet(() -> new Parsed.Usable(contained(query)));
    }

    private static Optional<Refusal> refusal(String query) {
        if (query.length() > LONGEST
                || Strings.firstInvalid(TextNode.valueOf(query)).isPresent()
                || !QUERY.matcher(query).matches()) {
            return Optional.of(Refusal.of(
                    Problem.QUERY_INVALID,
                    "'q' must be user_metadata['key']:'value', with up to " + DEEPEST
                            + " keys for nested objects; \\' and \\\\ stand for ' and \\."));
        }
        return Optional.empty();
    }

    private static String contained(String query) {
        var parts = QUERY.matcher(query);
        if (!parts.matches()) {
            throw new IllegalStateException("checked before");
        }
        var keys = new ArrayList<String>();
        var key = KEY.matcher(parts.group(1));
        while (key.find()) {
            keys.add(unquoted(key.group(1)));
        }
        ObjectNode wanted = JsonNodeFactory.instance.objectNode().put(keys.removeLast(), unquoted(parts.group(3)));
        for (var outer : keys.reversed()) {
            wanted = JsonNodeFactory.instance.objectNode().set(outer, wanted);
        }
        return JsonBody.text(wanted);
    }

    private static String unquoted(String text) {
        return text.replaceAll("\\\\(['\\\\])", "$1");
    }
}
