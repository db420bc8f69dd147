package dev.hearth.operator;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Conditions as Kubernetes wants them: a transition time moves only when the status does. */
public final class Conditions {
    private final @Nullable List<Condition> before;
    private final long generation;
    private final Instant now;

    /** @param before what the object says now; null where it says nothing yet */
    public Conditions(@Nullable List<Condition> before, long generation, Instant now) {
        this.before = before;
        this.generation = generation;
        this.now = now;
    }

    public Condition of(String type, boolean holds, String reason, String message) {
        var status = holds ? "True" : "False";
        return new ConditionBuilder()
                .withType(type)
                .withStatus(status)
                .withReason(reason)
                .withMessage(message)
                .withObservedGeneration(generation)
                .withLastTransitionTime(since(type, status))
                .build();
    }

    private String since(String type, String status) {
        if (before != null) {
            for (var condition : before) {
                if (type.equals(condition.getType())
                        && status.equals(condition.getStatus())
                        && condition.getLastTransitionTime() != null) {
                    return condition.getLastTransitionTime();
                }
            }
        }
        return now.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
