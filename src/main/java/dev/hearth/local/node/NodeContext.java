package dev.hearth.local.node;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What all pods of one LocalNode share.
 *
 * @param closing once true, nothing waits for an API server any more
 */
record NodeContext(
        KubernetesClient client,
        NodeDirectory directory,
        LoopbackAddresses addresses,
        Optional<Cgroup> cgroup,
        DeathWatch deathWatch,
        InstantSource clock,
        AtomicBoolean closing) {
    static final String NODE_MARK = "HEARTH_LOCAL_NODE";
    static final String RUN_MARK = "HEARTH_LOCAL_RUN";
}
