package dev.hearth.local.node;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A readiness probe with a kubelet's defaults filled in. */
record ProbePlan(
        Check check,
        Duration initialDelay,
        Duration period,
        Duration timeout,
        int successThreshold,
        int failureThreshold) {
    sealed interface Check {
        record Http(String path, int port, Map<String, String> headers) implements Check {}

        record Tcp(int port) implements Check {}

        record Exec(List<String> command) implements Check {}
    }
}
