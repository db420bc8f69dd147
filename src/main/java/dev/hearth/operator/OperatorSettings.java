package dev.hearth.operator;

import dev.hearth.pool.PoolTimings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What the operator was configured with, free of where it came from. */
public record OperatorSettings(
        Leading leading,
        AgentSettings agent,
        PoolTimings timings,
        Duration poll,
        Duration orphanGrace,
        Duration recordTtl,
        Duration releaseDeadline) {
    public OperatorSettings {
        moreThanNone("hearth.operator.poll", poll);
        moreThanNone("hearth.operator.orphan-grace", orphanGrace);
        if (timings.maxStarting() < 1) {
            throw new IllegalArgumentException(
                    "hearth.operator.max-starting is " + timings.maxStarting() + ": needs 1 or more");
        }
    }

    private static void moreThanNone(String key, Duration value) {
        if (!value.isPositive()) {
            throw new IllegalArgumentException(key + " is " + value + ": needs more than 0");
        }
    }

    /** @param election whether a lease decides; without it this process leads from its start */
    public record Leading(boolean election, Optional<String> leaseNamespace) {}

    /**
     * What every browser pod is given besides its pool's own wishes.
     *
     * @param ingest {@code host:port[,…]} of the gateways' ingest port
     * @param grantKeys base64 X.509 Ed25519 public keys of the gateways, comma-separated
     * @param seccompProfile a file of every node that lets Chrome build its sandbox; empty: the runtime's profile
     */
    public record AgentSettings(
            String image,
            List<String> command,
            String browserCommand,
            String ingest,
            String grantKeys,
            Optional<String> seccompProfile,
            boolean bindRegion) {
        public AgentSettings {
            command = List.copyOf(command);
        }
    }

    /** Rows younger than this may have a pod that is being created: an API server answers or fails within 30 s. */
    private static final Duration CREATION_GRACE = Duration.ofSeconds(30);
    /** A kubelet's restart takes a pod's readiness away for some seconds. */
    private static final Duration UNREADY_GRACE = Duration.ofSeconds(30);

    public static OperatorSettings of(OperatorConfig config, String ingest, String grantKeys) {
        return new OperatorSettings(
                new Leading(config.leaderElection(), config.leaseNamespace()),
                new AgentSettings(
                        config.agentImage(),
                        config.agentCommand(),
                        config.browserCommand(),
                        ingest,
                        grantKeys,
                        config.seccompProfile(),
                        config.bindRegion()),
                new PoolTimings(CREATION_GRACE, config.startupTimeout(), UNREADY_GRACE, config.maxStarting()),
                config.poll(),
                config.orphanGrace(),
                config.recordTtl(),
                config.releaseDeadline());
    }
}
