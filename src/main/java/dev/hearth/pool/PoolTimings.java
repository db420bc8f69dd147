package dev.hearth.pool;

import java.time.Duration;

/**
 * How patient a pool is.
 *
 * @param creationGrace how long a row may be without a visible pod before the API server is asked. Shorter than a lost
 *     create may still take to land, and the pod would come after its row went; longer, and a lost slot stays empty.
 * @param startupTimeout from a node's acceptance to ready. Shorter than an image pull, and pulls never finish
 * @param unreadyGrace how long a warm browser may be unready, and one that is being reset without its agent's word that this
 *     took too long: shorter, and a kubelet's restart empties the pool
 * @param maxStarting browsers on their way at once: more, and they starve the sessions beside them
 */
public record PoolTimings(Duration creationGrace, Duration startupTimeout, Duration unreadyGrace, int maxStarting) {}
