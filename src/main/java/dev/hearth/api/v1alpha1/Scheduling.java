package dev.hearth.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraint;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Passed through to the browsers' pods. The region is not set here: every pod is bound to its pool's region anyway. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Scheduling(
        @JsonPropertyDescription("Node labels that must match.") @Default("{}")
        Map<String, String> nodeSelector,

        @JsonPropertyDescription("Taints that are tolerated.") @Default("[]") @Size(max = 32)
        List<Toleration> tolerations,

        @JsonPropertyDescription("As in a pod.") @Nullable Affinity affinity,

        @JsonPropertyDescription("As in a pod; labelSelector is filled in with the pool's own where it is missing.")
        @Default("[]")
        @Size(max = 8)
        List<TopologySpreadConstraint> topologySpreadConstraints,

        @JsonPropertyDescription("As in a pod, like gvisor.") @Size(max = 253) @Nullable
        String runtimeClassName,

        @JsonPropertyDescription("As in a pod.") @Size(max = 253) @Nullable
        String priorityClassName,

        @JsonPropertyDescription("As in a pod; the cluster's own scheduler where unset.") @Size(max = 253) @Nullable
        String schedulerName) {

    /** No wish beyond the pool's region. */
    public static final Scheduling ANYWHERE = new Scheduling(Map.of(), List.of(), null, List.of(), null, null, null);

    public Scheduling {
        nodeSelector = nodeSelector == null ? Map.of() : Map.copyOf(nodeSelector);
        tolerations = tolerations == null ? List.of() : List.copyOf(tolerations);
        topologySpreadConstraints =
                topologySpreadConstraints == null ? List.of() : List.copyOf(topologySpreadConstraints);
    }
}
