package dev.hearth.local.node;

import dev.hearth.local.node.ContainerPlan.Role;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The five conditions a kubelet keeps. A condition's transition time moves only when its status does. */
final class PodConditions {
    private PodConditions() {}

    private record Condition(String type, boolean holds, String reason, String message) {
        static Condition of(String type, boolean holds) {
            return new Condition(type, holds, "", "");
        }
    }

    /** @param known what the object has now: keeps transition times, and answers readiness gates */
    static List<PodCondition> of(PodReport.Facts facts, List<PodCondition> known, Instant now) {
        var containersReady = containersReady(facts);
        return List.of(
                        Condition.of("PodScheduled", true),
                        new Condition("PodReadyToStartContainers", facts.prepared(), "", facts.waitsFor()),
                        initialized(facts),
                        containersReady,
                        ready(facts, containersReady, known))
                .stream()
                .map(condition -> merged(condition, known, now))
                .toList();
    }

    private static Condition initialized(PodReport.Facts facts) {
        if (facts.phase() == PodPhase.SUCCEEDED) {
            return new Condition("Initialized", true, "PodCompleted", "");
        }
        var missing = facts.containers().stream()
                .filter(c -> !c.initialized())
                .map(ContainerProgress::name)
                .toList();
        return missing.isEmpty()
                ? Condition.of("Initialized", true)
                : new Condition(
                        "Initialized",
                        false,
                        "ContainersNotInitialized",
                        "containers with incomplete status: " + missing);
    }

    private static Condition containersReady(PodReport.Facts facts) {
        var unready = facts.containers().stream()
                .filter(c -> c.role() != Role.INIT && !c.ready())
                .map(ContainerProgress::name)
                .toList();
        return switch (facts.phase()) {
            case SUCCEEDED -> new Condition("ContainersReady", false, "PodCompleted", "");
            case FAILED -> new Condition("ContainersReady", false, "PodFailed", "");
            case PENDING, RUNNING ->
                unready.isEmpty()
                        ? Condition.of("ContainersReady", true)
                        : new Condition(
                                "ContainersReady",
                                false,
                                "ContainersNotReady",
                                "containers with unready status: " + unready);
        };
    }

    private static Condition ready(PodReport.Facts facts, Condition containersReady, List<PodCondition> known) {
        if (!containersReady.holds()) {
            return new Condition("Ready", false, containersReady.reason(), containersReady.message());
        }
        var open = new ArrayList<>(facts.readinessGates());
        known.stream().filter(c -> "True".equals(c.getStatus())).forEach(c -> open.remove(c.getType()));
        return open.isEmpty()
                ? Condition.of("Ready", true)
                : new Condition("Ready", false, "ReadinessGatesNotReady", "readiness gates not True: " + open);
    }

    private static PodCondition merged(Condition condition, List<PodCondition> known, Instant now) {
        var status = condition.holds() ? "True" : "False";
        var since = known.stream()
                .filter(old -> old.getType().equals(condition.type()) && status.equals(old.getStatus()))
                .map(PodCondition::getLastTransitionTime)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(Times.text(now));
        return new PodConditionBuilder()
                .withType(condition.type())
                .withStatus(status)
                .withReason(condition.reason())
                .withMessage(condition.message())
                .withLastTransitionTime(since)
                .build();
    }
}
