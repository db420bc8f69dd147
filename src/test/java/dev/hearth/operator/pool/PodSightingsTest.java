package dev.hearth.operator.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.claim.EndReason;
import dev.hearth.pool.PodSighting;
import dev.hearth.pool.Trouble;
import dev.hearth.testing.Answers;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodSightingsTest {
    private final PodSightings sightings = new PodSightings(node -> "zone-of-" + node);
    private final KubernetesSerialization yaml = new KubernetesSerialization();

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    phase: Succeeded                                                         | BROWSER_CLOSED
                    phase: Failed                                                            | BROWSER_CRASHED
                    phase: Failed, reason: Evicted                                           | EVICTED
                    phase: Failed, conditions: [{type: DisruptionTarget, status: 'True'}]    | EVICTED
                    phase: Failed, containerStatuses: [{name: browser, state: {terminated: {exitCode: 137, reason: OOMKilled}}}] | OUT_OF_MEMORY
                    phase: Running, containerStatuses: [{name: browser, state: {terminated: {exitCode: 1, reason: Error}}}] | BROWSER_CRASHED
                    """)
    @Answers("docker-selenium#1502")
    void readsWhyABrowserEnded(String status, EndReason reason) {
        var seen = see(status, null);
        assertThat(seen.phase()).isEqualTo(PodSighting.Phase.FINISHED);
        assertThat(seen.end()).isEqualTo(reason);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    ImagePullBackOff           | IMAGE_PULL_FAILED
                    InvalidImageName           | IMAGE_PULL_FAILED
                    CreateContainerConfigError | CONTAINER_CONFIG
                    CrashLoopBackOff           | CRASH_LOOP
                    """)
    void readsWhatKeepsABrowserFromStarting(String waiting, Trouble.Kind kind) {
        var seen = see(
                "phase: Pending, containerStatuses: [{name: browser, state: {waiting: {reason: %s, message: m}}}]"
                        .formatted(waiting),
                null);
        assertThat(seen.phase()).isEqualTo(PodSighting.Phase.PENDING);
        assertThat(Objects.requireNonNull(seen.trouble())).isEqualTo(new Trouble(kind, waiting + ": m"));
    }

    @Test
    void readsWhichNodeLacksTheSeccompProfile() {
        var message = "failed to create containerd container: cannot load seccomp profile \"/x.json\": no such file";
        var seen = see(
                "phase: Pending, containerStatuses: [{name: browser, state: {waiting: {reason: CreateContainerError, message: '%s'}}}]"
                        .formatted(message),
                "n1");
        assertThat(Objects.requireNonNull(seen.trouble()))
                .isEqualTo(
                        new Trouble(
                                Trouble.Kind.SECCOMP_PROFILE_MISSING,
                                "node n1 lacks Chrome's seccomp profile hearth/c.json (the chart's seccompInstaller puts it there)"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    phase: Pending, conditions: [{type: PodScheduled, status: 'False', reason: Unschedulable, message: no node}] | UNSCHEDULABLE
                    """)
    void readsThatNoNodeFits(String status, Trouble.Kind kind) {
        var seen = see(status, null);
        assertThat(seen.scheduled()).isFalse();
        assertThat(Objects.requireNonNull(seen.trouble()).kind()).isEqualTo(kind);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    phase: Running, podIP: 10.1.2.3, conditions: [{type: Ready, status: 'True'}] | true
                    phase: Running, podIP: 10.1.2.3, conditions: [{type: Ready, status: 'False', lastTransitionTime: '2026-01-01T00:00:00Z'}] | false
                    """)
    void readsReadinessAddressAndZone(String status, boolean ready) {
        var seen = see(status, "n1");
        assertThat(seen.ready()).isEqualTo(ready);
        assertThat(seen.unreadySince() == null).isEqualTo(ready);
        assertThat(seen.address()).isEqualTo("10.1.2.3:9222");
        assertThat(seen.zone()).isEqualTo("zone-of-n1");
        assertThat(seen.label()).isEqualTo("warm");
    }

    private PodSighting see(String status, @Nullable String node) {
        return sightings.of(yaml.unmarshal("""
                apiVersion: v1
                kind: Pod
                metadata:
                  name: p
                  uid: u
                  creationTimestamp: "2026-01-01T00:00:00Z"
                  labels: {hearth.dev/state: warm}
                spec:
                  nodeName: %s
                  containers:
                    - {name: agent, securityContext: {seccompProfile: {type: RuntimeDefault}}}
                    - {name: browser, securityContext: {seccompProfile: {type: Localhost, localhostProfile: hearth/c.json}}}
                status: {%s}
                """.formatted(node == null ? "''" : node, status), Pod.class));
    }
}
