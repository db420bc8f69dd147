package dev.hearth.cdp;

import io.vertx.core.Future;

/** What a pump asks of the gateway, on the pump's event loop: nothing here may block. */
interface PumpEvents {
    /** The client wants the browser closed. The pump answers in Chrome's place when this completes, however it does. */
    Future<Void> browserClose();

    /** The client left by itself; the agent was told by a close frame if {@code told}, else it has yet to be. */
    void clientLeft(boolean told);

    /** Both sockets are closed. Called once. */
    void closed(Carried carried);

    /**
     * What a connection has carried in its life.
     *
     * @param endingSince by {@link System#nanoTime()}, from before the agent could let anyone else in
     */
    record Carried(long bytesToBrowser, long bytesToClient, long commands, long endingSince) {}
}
