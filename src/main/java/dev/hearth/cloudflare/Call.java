package dev.hearth.cloudflare;

/** What a request asks of this face. Sessions and targets are as the path had them: ids of ours and of nobody's alike. */
sealed interface Call {
    /** A new session, to be connected to later. */
    record Acquire() implements Call {}

    /** A new session and its socket in one. */
    record Launch() implements Call {}

    record Connect(String session) implements Call {}

    record PageSocket(String session, String target) implements Call {}

    record Close(String session) implements Call {}

    /** Live sessions, in the binding's shape. */
    record Active() implements Call {}

    /** Live and ended sessions, in the binding's shape. */
    record History() implements Call {}

    record Limits() implements Call {}

    /** Live sessions, in REST's shape. */
    record Listing() implements Call {}

    record Facts(String session) implements Call {}

    record Version(String session) implements Call {}

    record Protocol(String session) implements Call {}

    record Targets(String session) implements Call {}

    record Target(String session, String target) implements Call {}

    record NewTarget(String session) implements Call {}

    record ActivateTarget(String session, String target) implements Call {}

    record CloseTarget(String session, String target) implements Call {}

    /** Messages cut into binary frames with a length before them, as clients before {@code /v1/devtools} sent them. */
    record ChunkedConnect() implements Call {}

    /** A URL by which a person sees one page of a session. */
    record LiveView(String session) implements Call {}

    /** Whether it becomes a WebSocket. */
    default boolean isSocket() {
        return this instanceof Launch || this instanceof Connect || this instanceof PageSocket;
    }
}
