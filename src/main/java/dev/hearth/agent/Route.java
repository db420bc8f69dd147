package dev.hearth.agent;

import dev.hearth.wire.Grant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** What a request on the agent port asks for, and which grants may ask for it. */
sealed interface Route {
    /** Chrome names its targets like this; anything else could smuggle a path. */
    Pattern TARGET = Pattern.compile("/devtools/page/([0-9A-Za-z-]{1,64})");

    Set<Grant.Kind> allowed();

    /** The session's own CDP connection. */
    record BrowserSocket() implements Route {
        @Override
        public Set<Grant.Kind> allowed() {
            return EnumSet.of(Grant.Kind.CLIENT, Grant.Kind.TAKEOVER);
        }
    }

    record PageSocket(String target) implements Route {
        @Override
        public Set<Grant.Kind> allowed() {
            return EnumSet.of(Grant.Kind.CLIENT, Grant.Kind.VIEWER);
        }
    }

    /** What Chrome does with its targets over HTTP. A URL is passed on as it is encoded: no blank can end the line. */
    Pattern TARGETS =
            Pattern.compile("PUT /json/new(\\?[\\x21-\\x7e]{0,12288})?|GET /json/(activate|close)/[0-9A-Za-z-]{1,64}");

    /** One of Chrome's own JSON documents. */
    record Document(String path) implements Route {
        @Override
        public Set<Grant.Kind> allowed() {
            return EnumSet.of(Grant.Kind.CLIENT, Grant.Kind.VIEWER);
        }
    }

    /** Opens, shows or closes a page: the client's to do, not a viewer's. */
    record Change(String method, String path) implements Route {
        @Override
        public Set<Grant.Kind> allowed() {
            return EnumSet.of(Grant.Kind.CLIENT);
        }
    }

    record Leave() implements Route {
        @Override
        public Set<Grant.Kind> allowed() {
            return EnumSet.of(Grant.Kind.LEAVE);
        }
    }

    record End() implements Route {
        @Override
        public Set<Grant.Kind> allowed() {
            return EnumSet.of(Grant.Kind.END);
        }
    }

    /** Empty: the agent has no such thing, whoever asks. */
    static Optional<Route> of(String method, String target) {
        return switch (method + " " + target) {
            case "GET /devtools/browser" -> Optional.of(new BrowserSocket());
            case "GET /json", "GET /json/list", "GET /json/version", "GET /json/protocol" ->
                Optional.of(new Document(target));
            case "POST /leave" -> Optional.of(new Leave());
            case "POST /end" -> Optional.of(new End());
            default -> change(method, target).or(() -> page(method, target));
        };
    }

    private static Optional<Route> change(String method, String target) {
        return TARGETS.matcher(method + " " + target).matches()
                ? Optional.of(new Change(method, target))
                : Optional.empty();
    }

    private static Optional<Route> page(String method, String target) {
        var match = TARGET.matcher(target);
        return method.equals("GET") && match.matches() ? Optional.of(new PageSocket(match.group(1))) : Optional.empty();
    }
}
