package dev.hearth.http;

import dev.hearth.claim.StoreException;
import dev.hearth.gateway.ClaimRefusals;
import dev.hearth.gateway.Problem;
import dev.hearth.gateway.RawAnswers;
import dev.hearth.gateway.Refusal;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns what went wrong into a refusal, whoever noticed it: REST, the router or our own code. */
final class FailedRequests {
    private static final Logger LOG = LoggerFactory.getLogger(FailedRequests.class);

    /** The router itself turns such requests away before any route of ours. */
    static final Refusal NO_HOST =
            Refusal.of(Problem.HOST_INVALID, "Send one Host header: a name or address, and a port if need be.");

    private FailedRequests() {}

    static void answer(RoutingContext context) {
        var failure = context.failure();
        var status = context.statusCode();
        var refusal = failure != null && (status < 400 || status >= 500)
                ? ofFailure(failure, RawAnswers.requestId(context))
                : ofRouter(context.request(), status);
        RawAnswers.refuse(
                context,
                status == 405
                        ? refusal.header("Allow", allowed(context.request().uri()))
                        : refusal);
    }

    /** It turns away what has no path or no host, and says neither. */
    private static Refusal ofRouter(HttpServerRequest request, int status) {
        if (request.authority() == null) {
            return NO_HOST;
        }
        var path = request.path();
        return status == 400 && (path == null || path.isEmpty())
                ? Refusal.of(Problem.PATH_INVALID, "A path begins with a slash.")
                : ofStatus(status);
    }

    static Refusal ofFailure(Throwable failure, String requestId) {
        if (failure instanceof StoreException store) {
            return ClaimRefusals.broken(store, false);
        }
        LOG.atError().setCause(failure).addKeyValue("request", requestId).log("request failed");
        return Refusal.of(Problem.INTERNAL_ERROR, "Something is broken here; quote the requestId when you report it.")
                .shouldRetry(false);
    }

    /** REST says that a method is not allowed, but not which are. */
    static String allowed(String path) {
        return path.startsWith("/v1/sessions") ? "GET, HEAD, POST, OPTIONS" : "GET, HEAD, OPTIONS";
    }

    static Refusal ofStatus(int status) {
        return switch (status) {
            case 404 -> Refusal.of(Problem.NOT_FOUND, "Nothing is at this path.");
            case 405 ->
                Refusal.of(Problem.METHOD_NOT_ALLOWED, "This path does not take this method; see the Allow header.");
            case 406 -> Refusal.of(Problem.NOT_ACCEPTABLE, "Answers are application/json; accept that or */*.");
            case 408 -> Refusal.of(Problem.BODY_TIMEOUT, "The body did not arrive in time.");
            case 413 ->
                Refusal.of(Problem.BODY_TOO_LARGE, "A body may have " + RequestRules.LONGEST_BODY + " bytes at most.");
            case 415 -> Refusal.of(Problem.MEDIA_TYPE, "Use Content-Type: application/json.");
            default ->
                status >= 400 && status < 500
                        ? Refusal.of(Problem.REQUEST_INVALID, "The request cannot be understood.")
                        : Refusal.of(Problem.INTERNAL_ERROR, "Something is broken here.")
                                .shouldRetry(false);
        };
    }
}
