package dev.hearth.claim;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The terms that a client asked for; null where it asked for nothing. Values are in range already: see {@code http}.
 *
 * @param idleTimeout zero: idleness never ends the session
 */
public record WantedTerms(
        @Nullable Duration timeout,
        @Nullable Duration idleTimeout,
        @Nullable Duration connectTimeout,
        @Nullable Duration reconnectWindow,
        @Nullable Boolean keepAlive,
        @Nullable Connections connections) {

    public static final WantedTerms NONE = new WantedTerms(null, null, null, null, null, null);

    /** What holds: the request, else the pool's word, else (for the timeout of a pool that has none) the project's. */
    public SessionTerms settle(Directory.Pool pool, Directory.Project project) {
        var defaults = pool.defaults();
        var idle = idleTimeout == null ? defaults.idleTimeout() : idleTimeout;
        return new SessionTerms(
                timeout(pool, project),
                idle == null || idle.isZero() ? null : idle,
                connectTimeout == null ? defaults.connectTimeout() : connectTimeout,
                reconnectWindow == null ? defaults.reconnectWindow() : reconnectWindow,
                keepAlive == null ? defaults.keepAlive() : keepAlive,
                connections == null ? defaults.connections() : connections);
    }

    private Duration timeout(Directory.Pool pool, Directory.Project project) {
        if (timeout != null) {
            return timeout;
        }
        var ofProject = project.defaultTimeout();
        return pool.timeoutIsDefault() && ofProject != null
                ? ofProject
                : pool.defaults().timeout();
    }
}
