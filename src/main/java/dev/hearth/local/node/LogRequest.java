package dev.hearth.local.node;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;

/** What {@code kubectl logs} asked for. Pure. */
record LogRequest(
        String namespace,
        String pod,
        String container,
        boolean follow,
        OptionalLong tailLines,
        OptionalLong limitBytes) {
    private static final Pattern PATH = Pattern.compile("/containerLogs/([^/]+)/([^/]+)/([^/]+)");
    private static final Set<String> KNOWN = Set.of("follow", "tailLines", "limitBytes");

    sealed interface Parsed {
        record Valid(LogRequest request) implements Parsed {}

        record Refused(String why) implements Parsed {}
    }

    static Parsed parse(String path, String query) {
        var match = PATH.matcher(path);
        if (!match.matches()) {
            return new Parsed.Refused("only /containerLogs/{namespace}/{pod}/{container} is served here");
        }
        var options = options(query);
        for (var option : options.entrySet()) {
            if (!KNOWN.contains(option.getKey()) && !option.getValue().equals("false")) {
                return new Parsed.Refused("log option \"%s\" is not supported on a local node; allowed: %s"
                        .formatted(option.getKey(), "follow, tailLines, limitBytes"));
            }
        }
        try {
            return new Parsed.Valid(new LogRequest(
                    match.group(1),
                    match.group(2),
                    match.group(3),
                    options.getOrDefault("follow", "false").equals("true"),
                    number(options, "tailLines"),
                    number(options, "limitBytes")));
        } catch (NumberFormatException notANumber) {
            return new Parsed.Refused("tailLines and limitBytes must be whole numbers");
        }
    }

    private static OptionalLong number(Map<String, String> options, String name) {
        var text = options.get(name);
        return text == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(text));
    }

    private static Map<String, String> options(String query) {
        var options = new LinkedHashMap<String, String>();
        for (var part : query.split("&")) {
            if (!part.isEmpty()) {
                int equals = part.indexOf('=');
                options.put(
                        equals < 0 ? part : part.substring(0, equals),
                        equals < 0 ? "true" : part.substring(equals + 1));
            }
        }
        return options;
    }
}
