package dev.hearth.claim;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long a session may last and what ends it, settled before the claim from request, pool and project.
 *
 * @param timeout from the claim to the hard end, 1 s to 6 h
 * @param idleTimeout without a client's CDP command; null: idleness never ends it
 * @param connectTimeout from the claim until somebody must have connected
 * @param reconnectWindow how long a session whose socket was lost (not left) waits for its client
 * @param keepAlive whether the session outlives a client that leaves
 */
public record SessionTerms(
        Duration timeout,
        @Nullable Duration idleTimeout,
        Duration connectTimeout,
        Duration reconnectWindow,
        boolean keepAlive,
        Connections connections) {}
