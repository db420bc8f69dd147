package dev.hearth.operator.pool;

import static dev.hearth.operator.TestOperator.patiently;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.claim.Directory;
import dev.hearth.claim.EndReason;
import dev.hearth.operator.Labels;
import dev.hearth.operator.TestOperator;
import dev.hearth.pool.Browser;
import dev.hearth.pool.BrowserState;
import dev.hearth.testing.Answers;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Pools on a real API server, through kubectl where a user would use it. */
class PoolReconcilerIT {
    private final TestOperator operator = new TestOperator("pools");

    @AfterEach
    void stop() {
        operator.kubectl("delete", "bp,bs", "--all", "--wait=false");
        operator.supply.all().forEach(row -> operator.supply.release(row.id()));
        patiently().until(() -> operator.supply.all().isEmpty());
        operator.close();
    }

    @Test
    void sixtyBrowsersTakeSixtyCreates() {
        var created = ConcurrentHashMap.<String>newKeySet();
        try (var _ = operator.client.pods().inNamespace(operator.namespace).watch(new Counting(created))) {
            operator.pool("big", 0, "");
            operator.kubectl("scale", "bp/big", "--replicas=60");
            operator.awaitWarm("big", 60);
            patiently().until(() -> created.size() >= 60);
            // Late watch events are looked through again before the count is believed.
            operator.awaitWarm("big", 60);
            assertThat(created).hasSize(60);
            assertThat(operator.supply.all()).hasSize(60);
        }
        assertThat(operator.kubectl("get", "bp", "big", "-o", "jsonpath={.status.selector}"))
                .isEqualTo("hearth.dev/pool=big,hearth.dev/state notin (claimed)");
        operator.kubectl("wait", "bp/big", "--for=condition=Ready", "--timeout=10s");
        operator.kubectl("scale", "bp/big", "--replicas=1");
        patiently().until(() -> operator.pods().size() == 1);
    }

    @Test
    @Answers({"docker-selenium#605", "docker-selenium#1423", "docker-selenium#2808"})
    void aClaimIsFollowedByALabelAndAReplacement() {
        operator.pool("refill", 2, "");
        operator.awaitWarm("refill", 2);

        var claimed = Objects.requireNonNull(operator.supply.claim(operator.uid("refill")));

        // The status may still be that from before the claim: the third pod is what shows the replacement.
        patiently().until(() -> operator.pods().size() == 3);
        operator.awaitWarm("refill", 2);
        patiently().untilAsserted(() -> {
            var meta = operator.client
                    .pods()
                    .inNamespace(operator.namespace)
                    .withName(claimed.podName())
                    .require()
                    .getMetadata();
            assertThat(meta.getLabels()).containsEntry(Labels.STATE, "claimed");
            assertThat(meta.getAnnotations()).containsEntry("cluster-autoscaler.kubernetes.io/safe-to-evict", "false");
            assertThat(meta.getOwnerReferences()).isEmpty();
        });
        var evicted = operator.plane
                .kubectl()
                .run("-n", operator.namespace, "get", "pdb", "-o", "jsonpath={.items[*].status.disruptionsAllowed}");
        assertThat(evicted.text()).isEqualTo("0");

        operator.supply.release(claimed.id());
        patiently().until(() -> operator.pods().size() == 2);
    }

    @Test
    @Answers("docker-selenium#1571")
    void browsersThatAreTooOldAreReplacedButNoSessionEndsForThat() {
        operator.pool("ageing", 2, "  maxAge: 1h");
        operator.awaitWarm("ageing", 2);
        var claimed = Objects.requireNonNull(operator.supply.claim(operator.uid("ageing")));
        patiently().until(() -> operator.pods().size() == 3);
        operator.awaitWarm("ageing", 2);
        var old = operator.supply.all().stream().map(Browser::id).collect(Collectors.toSet());

        old.forEach(browser -> operator.supply.age(browser, Duration.ofHours(1)));

        patiently()
                .until(() -> operator.supply.all().stream()
                        .map(Browser::id)
                        .filter(old::contains)
                        .toList()
                        .equals(List.of(claimed.id())));
        operator.awaitWarm("ageing", 2);
        assertThat(operator.supply.row(claimed.id()))
                .matches(row -> row != null && row.state() == BrowserState.CLAIMED && row.outdated());
        patiently().until(() -> operator.pods().size() == 3);
    }

    @Test
    void aPoolWithAutoscalingFollowsItsUse() {
        operator.pool("follows", 4, "  autoscaling: {maxReplicas: 3, sparePercent: 50, scaleDownAfter: 1s}");
        operator.awaitWarm("follows", 1);

        var pool = operator.uid("follows");
        for (var n = 0; n < 4; n++) {
            patiently().until(() -> operator.supply.claim(pool) != null);
        }
        operator.awaitWarm("follows", 3);
        assertThat(operator.kubectl("get", "bp", "follows", "-o", "jsonpath={.status.desired}"))
                .as("as many as are claimed, but no more than 3")
                .isEqualTo("3");
        operator.kubectl("wait", "bp/follows", "--for=condition=Ready", "--timeout=10s");

        operator.supply.all().stream()
                .filter(row -> row.state() == BrowserState.CLAIMED)
                .forEach(row -> operator.supply.release(row.id()));
        operator.awaitWarm("follows", 1);
        patiently().until(() -> operator.pods().size() == 1);
    }

    /** A write that failed is not a write: later looks at the pool must not take it for told. */
    @Test
    void aPoolMadeWhileTheDatabaseWasAwayCanBeClaimedFromAfterwards() {
        operator.directory.refusals.set(2);
        operator.pool("late", 1, "");
        operator.awaitWarm("late", 1);
        assertThat(operator.directory.pools()).extracting(Directory.Pool::name).contains("late");
    }

    @Test
    void aForegroundDeleteLeavesAClaimedBrowserUntilItsSessionEnds() {
        operator.pool("kept", 3, "");
        operator.awaitWarm("kept", 3);
        var claimed = Objects.requireNonNull(operator.supply.claim(operator.uid("kept")));

        operator.kubectl("delete", "bp", "kept", "--cascade=foreground", "--wait=false");

        patiently().until(() -> operator.pods().size() == 1);
        Awaitility.await()
                .during(Duration.ofSeconds(1))
                .until(() -> operator.pods().stream()
                        .anyMatch(pod -> pod.getMetadata().getName().equals(claimed.podName())
                                && pod.getMetadata().getDeletionTimestamp() == null));
        assertThat(operator.pool("kept").getStatus().claimed()).isEqualTo(1);

        operator.supply.release(claimed.id());
        patiently().until(() -> operator.kubectl("get", "bp", "-o", "name").isEmpty());
        assertThat(operator.pods()).isEmpty();
    }

    @Test
    void terminatingAPoolEndsItsSessions() {
        operator.pool("short", 1, "  deletionPolicy: Terminate");
        operator.awaitWarm("short", 1);
        var claimed = Objects.requireNonNull(operator.supply.claim(operator.uid("short")));

        operator.kubectl("delete", "bp", "short", "--timeout=20s");

        assertThat(operator.supply.endReason(claimed.id())).isEqualTo(EndReason.EVICTED);
        patiently().until(() -> operator.pods().isEmpty());
    }

    @Test
    void deletingANamespaceFinishes() {
        operator.pool("doomed", 2, "");
        operator.awaitWarm("doomed", 2);
        operator.supply.claim(operator.uid("doomed"));

        operator.plane.kubectl().ok("delete", "namespace", operator.namespace, "--timeout=40s");

        assertThat(operator.supply.all()).isEmpty();
        operator.plane.kubectl().ok("create", "namespace", operator.namespace);
    }

    @Test
    void aRestartInTheMiddleOfARefillStartsNoDoubles() {
        var created = ConcurrentHashMap.<String>newKeySet();
        try (var _ = operator.client.pods().inNamespace(operator.namespace).watch(new Counting(created))) {
            operator.kubelet.hold(true);
            operator.pool("again", 20, "");
            patiently().until(() -> operator.pods().size() >= 5);

            operator.stop();
            operator.kubelet.hold(false);
            operator.start(new SimpleMeterRegistry());

            operator.awaitWarm("again", 20);
            patiently().until(() -> created.size() >= 20);
            assertThat(created).hasSize(20);
            assertThat(operator.pods()).hasSize(20);
        }
    }

    @Test
    void aQuotaIsSaidInTheApiServersOwnWordsWithoutAHotLoop() {
        operator.apply("""
                apiVersion: v1
                kind: ResourceQuota
                metadata: {name: few}
                spec: {hard: {pods: "2"}}
                """);
        // As the quota controller would, which does not run here.
        operator.kubectl(
                "patch",
                "resourcequota",
                "few",
                "--subresource=status",
                "--type=merge",
                "-p",
                "{\"status\":{\"hard\":{\"pods\":\"2\"},\"used\":{\"pods\":\"0\"}}}");
        operator.pool("poor", 5, "");
        patiently().untilAsserted(() -> {
            var degraded = condition("poor", "Degraded");
            assertThat(degraded.getStatus()).isEqualTo("True");
            assertThat(degraded.getReason()).isEqualTo("QuotaExceeded");
            assertThat(degraded.getMessage()).contains("exceeded quota: few");
        });
        patiently().until(() -> operator.pods().size() == 2);
        var before = operator.supply.reservations();
        Awaitility.await()
                .pollDelay(Duration.ofSeconds(3))
                .atMost(Duration.ofSeconds(10))
                .until(() -> true);
        assertThat(operator.supply.reservations() - before).as("tries in 3 s").isLessThanOrEqualTo(3);
        // A try's slot is there for as long as the try is.
        patiently().untilAsserted(() -> assertThat(operator.supply.all()).hasSize(2));
        assertThat(operator.kubectl("get", "events", "-o", "jsonpath={.items[*].reason}"))
                .contains("QuotaExceeded");

        operator.kubectl("scale", "bp/poor", "--replicas=2");
        patiently()
                .untilAsserted(() ->
                        assertThat(condition("poor", "Degraded").getStatus()).isEqualTo("False"));
        operator.kubectl("scale", "bp/poor", "--replicas=5");
        operator.kubectl("delete", "resourcequota", "few");
        operator.awaitWarm("poor", 5);
        assertThat(condition("poor", "Degraded").getStatus()).isEqualTo("False");
    }

    @Test
    @Answers("agent-sandbox#323")
    void aNewImageRollsThroughWithoutTouchingTheClaimedOne() {
        operator.pool("roll", 3, "");
        operator.awaitWarm("roll", 3);
        var claimed = Objects.requireNonNull(operator.supply.claim(operator.uid("roll")));
        operator.awaitWarm("roll", 3);

        operator.kubectl("patch", "bp", "roll", "--type=merge", "-p", "{\"spec\":{\"browser\":{\"image\":\"newer\"}}}");

        patiently().untilAsserted(() -> {
            var status = Objects.requireNonNull(operator.status("roll"));
            assertThat(status.updated()).isEqualTo(3);
            assertThat(status.warm()).isEqualTo(3);
        });
        patiently().until(() -> operator.pods().size() == 4);
        assertThat(Objects.requireNonNull(operator.supply.row(claimed.id())).state())
                .isEqualTo(BrowserState.CLAIMED);
    }

    @Test
    @Answers("agent-sandbox#323")
    void aPullThatFailsIsSaidAndThePoolWaits() {
        operator.kubelet.hold(true);
        operator.pool("typo", 1, "");
        patiently().until(() -> operator.pods().size() == 1);
        operator.kubelet.waiting(operator.pods().getFirst().getMetadata().getName(), "ImagePullBackOff", "not found");

        patiently()
                .untilAsserted(() ->
                        assertThat(condition("typo", "Degraded").getReason()).isEqualTo("ImagePullFailed"));
        assertThat(operator.pods()).hasSize(1);
    }

    @Test
    @Answers("docker-selenium#1502")
    void aBrowserThatRunsOutOfMemoryEndsItsSessionSo() {
        operator.pool("oom", 1, "");
        operator.awaitWarm("oom", 1);
        var claimed = Objects.requireNonNull(operator.supply.claim(operator.uid("oom")));

        operator.kubelet.finish(claimed.podName(), 137, "OOMKilled");

        patiently()
                .untilAsserted(() ->
                        assertThat(operator.supply.endReason(claimed.id())).isEqualTo(EndReason.OUT_OF_MEMORY));
        patiently().until(() -> operator.pods().size() == 1);
    }

    @Test
    void twentyEditsWhileTheStatusFlapsLoseNone() {
        operator.pool("edits", 1, "");
        operator.awaitWarm("edits", 1);
        for (var edit = 1; edit <= 20; edit++) {
            operator.supply.all().stream()
                    .filter(row -> row.state() == BrowserState.WARM)
                    .findFirst()
                    .ifPresent(row -> operator.supply.unhealthy(row.id()));
            operator.kubectl("scale", "bp/edits", "--replicas=" + (1 + edit % 3));
        }
        // An earlier edit wanted three as well.
        patiently().untilAsserted(() -> {
            var pool = operator.pool("edits");
            assertThat(pool.getStatus().observedGeneration())
                    .isEqualTo(pool.getMetadata().getGeneration());
        });
        operator.awaitWarm("edits", 3);
    }

    private Condition condition(String pool, String type) {
        var status = operator.status(pool);
        if (status == null || status.conditions() == null) {
            throw new AssertionError("no conditions yet");
        }
        var conditions = Objects.requireNonNull(status.conditions());
        return conditions.stream()
                .filter(condition -> condition.getType().equals(type))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no condition " + type));
    }

    private record Counting(Set<String> created) implements Watcher<io.fabric8.kubernetes.api.model.Pod> {
        @Override
        public void eventReceived(Action action, io.fabric8.kubernetes.api.model.Pod pod) {
            if (action == Action.ADDED) {
                created.add(pod.getMetadata().getUid());
            }
        }

        @Override
        public void onClose(WatcherException cause) {
            throw new IllegalStateException(cause);
        }
    }
}
