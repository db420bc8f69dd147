package dev.hearth.operator;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** How the operator behaves. What a pool or a project decides is in their objects, not here. */
@ConfigMapping(prefix = "hearth.operator")
public interface OperatorConfig {
    /** Whether several operators may run and one leads. Off where this process is the only one. */
    @WithDefault("true")
    boolean leaderElection();

    /** Namespace of the lease; the operator's own where unset. */
    Optional<String> leaseNamespace();

    /** Image of the agent that runs beside every Chrome. */
    @WithDefault("hearth.dev/hearth:0.1.0")
    String agentImage();

    /** The agent's program in that image, and its arguments. */
    @WithDefault("/opt/hearth/bin/agent")
    List<String> agentCommand();

    /** Chrome's executable in a pool's image, where the pool does not say. */
    @WithDefault("/usr/bin/chromium")
    String browserCommand();

    /** Seccomp profile of Chrome's container, below the kubelet's seccomp folder; the runtime's own where unset. */
    Optional<String> seccompProfile();

    /** Binds pods to nodes of their pool's region by the label topology.kubernetes.io/region. */
    @WithDefault("true")
    boolean bindRegion();

    /** Browsers of one pool on their way at once. */
    @WithDefault("32")
    int maxStarting();

    /** From a node's acceptance of a pod to a warm browser; longer than any image pull. */
    @WithDefault("5m")
    Duration startupTimeout();

    /** How often the database is asked which pools changed: a claim's replacement starts this late at most. */
    @WithDefault("500ms")
    Duration poll();

    /** How long a pod that no row knows is left alone, in case its row is on its way. */
    @WithDefault("60s")
    Duration orphanGrace();

    /** How long the object of a session that was claimed over HTTP stays after its end: sessionRecords of the pool. */
    @WithDefault("10m")
    Duration recordTtl();

    /** How long deleting a pool or session waits for a database that is away. */
    @WithDefault("5m")
    Duration releaseDeadline();
}
