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

    /** Static files by their names only: no dot segments, no query, and no page's or browser's socket has such a name. */
    Pattern FRONTEND = Pattern.compile(
            "/devtools/([A-Za-z0-9_-][A-Za-z0-9._-]{0,99}/){0,8}[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}\\.(html|js|css|json|svg|png|avif|woff2|wasm)");

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

    /** A file of Chrome's own DevTools, for a person who looks on. */
    record Frontend(String path) implements Route {
        @Override
        public Set<Grant.Kind> allowed() {
            return EnumSet.of(Grant.Kind.VIEWER);
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
        if (!method.equals("GET")) {
            return Optional.empty();
        }
        var match = TARGET.matcher(target);
        if (match.matches()) {
            return Optional.of(new PageSocket(match.group(1)));
        }
        return FRONTEND.matcher(target).matches() ? Optional.of(new Frontend(target)) : Optional.empty();
    }
}
