package dev.hearth.cloudflare;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Finds the call in a request's method and path. Pure. */
final class Calls {
    static final String PREFIX = "/cloudflare";

    private static final String ID = "([0-9A-Za-z-]{1,64})";
    private static final String BROWSER = "devtools/browser/" + ID;

    private static final Pattern BASE =
            Pattern.compile("(/v1/|/client/v4/accounts/[0-9A-Za-z._-]{1,64}/browser-(?:rendering|run)/)(.*)");

    private static final List<Known> KNOWN = List.of(
            known("POST devtools/browser", _ -> new Call.Acquire()),
            known("GET acquire", _ -> new Call.Acquire()),
            known("GET devtools/browser", _ -> new Call.Launch()),
            known("GET " + BROWSER, ids -> new Call.Connect(ids.group(1))),
            known("DELETE " + BROWSER, ids -> new Call.Close(ids.group(1))),
            known("GET " + BROWSER + "/page/" + ID, ids -> new Call.PageSocket(ids.group(1), ids.group(2))),
            known("GET " + BROWSER + "/json/version", ids -> new Call.Version(ids.group(1))),
            known("GET " + BROWSER + "/json/protocol", ids -> new Call.Protocol(ids.group(1))),
            known("GET " + BROWSER + "/json(?:/list)?", ids -> new Call.Targets(ids.group(1))),
            known("GET " + BROWSER + "/json/list/" + ID, ids -> new Call.Target(ids.group(1), ids.group(2))),
            known("PUT " + BROWSER + "/json/new", ids -> new Call.NewTarget(ids.group(1))),
            known(
                    "GET " + BROWSER + "/json/activate/" + ID,
                    ids -> new Call.ActivateTarget(ids.group(1), ids.group(2))),
            // The SDK says GET, the documentation DELETE.
            known(
                    "(?:GET|DELETE) " + BROWSER + "/json/close/" + ID,
                    ids -> new Call.CloseTarget(ids.group(1), ids.group(2))),
            known("POST " + BROWSER + "/live_view", ids -> new Call.LiveView(ids.group(1))),
            known("GET devtools/session", _ -> new Call.Listing()),
            known("GET devtools/session/" + ID, ids -> new Call.Facts(ids.group(1))),
            known("GET sessions", _ -> new Call.Active()),
            known("GET history", _ -> new Call.History()),
            known("GET limits", _ -> new Call.Limits()),
            known("GET connectDevtools", _ -> new Call.ChunkedConnect()));

    private Calls() {}

    private record Known(Pattern pattern, Function<MatchResult, Call> call) {}

    /** @param base the path up to {@code devtools}, as the caller spelt it: what it is given back begins like it */
    record Found(Call call, String base) {}

    /** @param ownHost the request came to a host that is this face alone, so that the prefix may be missing */
    static Optional<Found> find(String method, String path, boolean ownHost) {
        var prefixed = path.startsWith(PREFIX + "/");
        if (!prefixed && !ownHost) {
            return Optional.empty();
        }
        var prefix = prefixed ? PREFIX : "";
        var base = BASE.matcher(path.substring(prefix.length()));
        return base.matches()
                ? call(method + " " + base.group(2).replaceFirst("/$", ""))
                        .map(call -> new Found(call, prefix + base.group(1)))
                : Optional.empty();
    }

    /** Whether refusals at this path are read as REST's. */
    static boolean isRest(String path) {
        return path.startsWith(PREFIX + "/client/") || path.startsWith("/client/");
    }

    private static Optional<Call> call(String request) {
        for (var known : KNOWN) {
            var match = known.pattern().matcher(request);
            if (match.matches()) {
                return Optional.of(known.call().apply(match));
            }
        }
        return Optional.empty();
    }

    private static Known known(String request, Function<MatchResult, Call> call) {
        return new Known(Pattern.compile(request), call);
    }
}
