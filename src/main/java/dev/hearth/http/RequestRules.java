package dev.hearth.http;

import dev.hearth.gateway.HostName;
import dev.hearth.gateway.Problem;
import dev.hearth.gateway.Refusal;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What every request must be like, whatever it asks for. Pure. These are the checks that Chromium would have made and that
 * a proxy takes away (Host, Origin), and those that keep path tricks and doubled headers from meaning two things.
 */
final class RequestRules {
    /** More than any claim needs; less would cut metadata short. */
    static final long LONGEST_BODY = 64 * 1024;

    /** No encoding, no parameters, no empty or dot segments: one path has one spelling. */
    private static final Pattern PATH =
            Pattern.compile("/([A-Za-z0-9_-][A-Za-z0-9._-]*/)*([A-Za-z0-9_-][A-Za-z0-9._-]*)?");

    private static final Pattern VIEW = Pattern.compile("/sessions/[0-9A-Za-z-]{1,64}/view/");

    private static final Pattern HOST = Pattern.compile("(\\[[0-9A-Fa-f:.]+]|[A-Za-z0-9._-]+)(:[0-9]{1,5})?");

    private static final Pattern LENGTH = Pattern.compile("[0-9]{1,18}");

    private static final Set<String> ONCE = Set.of(
            "Authorization",
            "X-BB-API-Key",
            "Origin",
            "Idempotency-Key",
            "Content-Type",
            "Content-Length",
            "Transfer-Encoding",
            "Content-Encoding");

    private final Set<String> hosts;
    private final Set<String> origins;

    RequestRules(Stream<String> hosts, List<String> origins) {
        this.hosts = Set.copyOf(hosts.map(host -> host.toLowerCase(Locale.ROOT)).toList());
        this.origins = Set.copyOf(origins);
    }

    /** @param target as it came, path and query @param header all lines of a header */
    record Head(String method, String target, Function<String, List<String>> header) {
        boolean hasBody() {
            return method.equals("POST") || method.equals("PUT") || method.equals("PATCH");
        }
    }

    Optional<Refusal> refusal(Head head) {
        return host(head)
                .or(() -> path(head))
                .or(() -> origin(head))
                .or(() -> once(head))
                .or(() -> expectation(head))
                .or(() -> body(head));
    }

    private Optional<Refusal> host(Head head) {
        var sent = head.header().apply("Host");
        if (sent.size() != 1 || !HOST.matcher(sent.getFirst()).matches()) {
            return Optional.of(FailedRequests.NO_HOST);
        }
        var name = HostName.of(sent.getFirst());
        return hosts.contains(name)
                ? Optional.empty()
                : refused(
                        Problem.HOST_NOT_ALLOWED,
                        "Host " + Refusal.quote(name)
                                + " is not served here; allowed names are in hearth.gateway.hosts.");
    }

    private static Optional<Refusal> path(Head head) {
        var query = head.target().indexOf('?');
        var path = query < 0 ? head.target() : head.target().substring(0, query);
        return PATH.matcher(path).matches()
                ? Optional.empty()
                : refused(
                        Problem.PATH_INVALID,
                        "Paths here are made of [A-Za-z0-9._-] and single slashes, without encoding or parameters.");
    }

    private Optional<Refusal> origin(Head head) {
        return head.header().apply("Origin").stream()
                .filter(origin -> !origins.contains(origin) && !isOwnView(head, origin))
                .findFirst()
                .flatMap(origin -> refused(
                        Problem.ORIGIN_NOT_ALLOWED,
                        "Pages of " + Refusal.quote(origin)
                                + " may not talk to this gateway (hearth.gateway.origins)."));
    }

    /** The DevTools that this gateway serves for a view may open that view's socket. Host was checked before. */
    private static boolean isOwnView(Head head, String origin) {
        var host = head.header().apply("Host").getFirst();
        return VIEW.matcher(head.target()).lookingAt()
                && (origin.equalsIgnoreCase("http://" + host) || origin.equalsIgnoreCase("https://" + host));
    }

    private static Optional<Refusal> once(Head head) {
        return ONCE.stream()
                .filter(name -> head.header().apply(name).size() > 1)
                .findFirst()
                .flatMap(name -> refused(Problem.HEADER_DUPLICATE, "Header " + name + " was sent twice."));
    }

    private static Optional<Refusal> expectation(Head head) {
        return head.header().apply("Expect").stream().allMatch(value -> value.equalsIgnoreCase("100-continue"))
                ? Optional.empty()
                : refused(Problem.EXPECTATION_FAILED, "Only 'Expect: 100-continue' is understood.");
    }

    private static Optional<Refusal> body(Head head) {
        var length = head.header().apply("Content-Length").stream().findFirst().orElse("0");
        if (length.length() > 18 || (LENGTH.matcher(length).matches() && Long.parseLong(length) > LONGEST_BODY)) {
            return refused(Problem.BODY_TOO_LARGE, "A body may have " + LONGEST_BODY + " bytes at most.");
        }
        if (!head.header().apply("Content-Encoding").isEmpty()) {
            return refused(Problem.CONTENT_ENCODING, "Send the body as it is, without Content-Encoding.");
        }
        return head.hasBody() && !nothingSent(head, length) ? mediaType(head) : Optional.empty();
    }

    /** A POST or PUT of nothing needs no name for it. */
    private static boolean nothingSent(Head head, String length) {
        return length.equals("0")
                && head.header().apply("Transfer-Encoding").isEmpty()
                && head.header().apply("Content-Type").isEmpty();
    }

    /** JSON only: it is what no form of a web page can send unasked. */
    private static Optional<Refusal> mediaType(Head head) {
        var sent = head.header().apply("Content-Type").stream().findFirst().orElse("");
        var parts = sent.split(";", -1);
        if (!parts[0].strip().equalsIgnoreCase("application/json")) {
            return refused(Problem.MEDIA_TYPE, "Use Content-Type: application/json.");
        }
        for (var i = 1; i < parts.length; i++) {
            var parameter = parts[i].strip().toLowerCase(Locale.ROOT).replace("\"", "");
            if (!parameter.equals("charset=utf-8")) {
                return refused(Problem.CHARSET, "JSON is UTF-8: leave the charset out or say charset=utf-8.");
            }
        }
        return Optional.empty();
    }

    private static Optional<Refusal> refused(Problem problem, String detail) {
        return Optional.of(Refusal.of(problem, detail));
    }
}
