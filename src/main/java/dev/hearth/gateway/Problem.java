package dev.hearth.gateway;

import java.util.Locale;

/** Every way a request can be refused. Each has a page of its own under {@code docs/problems}; slugs never change. */
public enum Problem {
    ALLOWED_DOMAINS_UNSUPPORTED(422, "allowedDomains cannot be enforced"),
    AUTH_INVALID(401, "Unknown credential"),
    AUTH_MISSING(401, "No credential"),
    AUTH_SCHEME(401, "Unsupported authentication scheme"),
    BODY_NOT_OBJECT(400, "The body is not a JSON object"),
    BODY_TIMEOUT(408, "The body did not arrive in time"),
    BODY_TOO_LARGE(413, "The body is too large"),
    BROWSER_UNREACHABLE(502, "The session's browser cannot be reached"),
    CHARSET(415, "Unsupported charset"),
    CONTENT_ENCODING(415, "Encoded bodies are not accepted"),
    CREDENTIAL_AMBIGUOUS(400, "Two different credentials"),
    DRAINING(503, "This gateway is shutting down"),
    EGRESS_FAILED(502, "The host cannot be reached"),
    EGRESS_REFUSED(403, "The browser may not go there"),
    EXPECTATION_FAILED(417, "Unsupported expectation"),
    FIELD_RANGE(422, "A value is out of range"),
    FIELD_TYPE(400, "A value has the wrong type"),
    FIELD_UNKNOWN(400, "Unknown field"),
    HEADER_DUPLICATE(400, "A header was sent twice"),
    HOST_INVALID(400, "The Host header is missing or malformed"),
    HOST_NOT_ALLOWED(421, "This host is not served here"),
    IDEMPOTENCY_IN_PROGRESS(409, "The first request with this key is still running"),
    IDEMPOTENCY_KEY_FORMAT(400, "Malformed Idempotency-Key"),
    IDEMPOTENCY_KEY_REUSED(422, "The Idempotency-Key belongs to another request"),
    INTERNAL_ERROR(500, "Something is broken here"),
    JSON_DEPTH(400, "The JSON is nested too deeply"),
    JSON_DUPLICATE_KEY(400, "A JSON key appears twice"),
    JSON_SYNTAX(400, "The body is not JSON"),
    KEY_IN_QUERY(401, "API keys are not accepted in the URL"),
    MEDIA_TYPE(415, "Unsupported media type"),
    METADATA_TOO_LARGE(422, "The metadata is too large"),
    METHOD_NOT_ALLOWED(405, "Method not allowed"),
    NAME_FORMAT(400, "Malformed name"),
    NOT_ACCEPTABLE(406, "Only JSON is served here"),
    NOT_FOUND(404, "Nothing is here"),
    ORIGIN_NOT_ALLOWED(403, "This origin is not allowed"),
    OUTCOME_UNKNOWN(503, "The claim may or may not have been made"),
    PATH_INVALID(400, "Malformed path"),
    POOL_EXHAUSTED(503, "No warm browser right now"),
    POOL_NOT_FOUND(404, "No such pool"),
    PROJECT_NOT_FOUND(404, "No such project"),
    PROXIES_UNSUPPORTED(422, "proxies are not supported"),
    QUERY_INVALID(400, "Malformed query"),
    QUOTA_CONCURRENT(429, "The limit of live sessions is reached"),
    RATE_CREATE(429, "The rate of new sessions is reached"),
    REGION_NOT_IN_POOL(422, "The pool is in another region"),
    REGION_UNKNOWN(422, "Unknown region"),
    REQUEST_INVALID(400, "Malformed request"),
    SESSION_BUSY(409, "Another client holds the session"),
    SESSION_ENDED(410, "The session has ended"),
    SESSION_NOT_FOUND(404, "No such session"),
    SESSION_NOT_READY(503, "The session's browser is not ready"),
    STORE_UNAVAILABLE(503, "The store cannot be reached"),
    STRING_INVALID(400, "A string holds characters that are not allowed"),
    TOKEN_INVALID(401, "The session token is not valid"),
    UPGRADE_REQUIRED(426, "This is a WebSocket"),
    WAITING_FULL(503, "Too many claims wait here already"),
    WAITING_LIMIT(429, "Too many claims of the project wait already"),
    WEBSOCKET_KEY(400, "Malformed Sec-WebSocket-Key");

    private final int status;
    private final String title;

    Problem(int status, String title) {
        this.status = status;
        this.title = title;
    }

    public int status() {
        return status;
    }

    public String title() {
        return title;
    }

    /** The stable name: the {@code code} of the answer and the name of its page. */
    public String slug() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public String type() {
        return "https://hearth.dev/problems/" + slug();
    }
}
