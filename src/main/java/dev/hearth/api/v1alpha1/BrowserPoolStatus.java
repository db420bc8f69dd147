package dev.hearth.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crd.generator.annotation.PrinterColumn;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.model.annotation.LabelSelector;
import io.fabric8.kubernetes.model.annotation.StatusReplicas;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the operator last saw. Counts only: which browsers there are is a question for pods, not for this object. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record BrowserPoolStatus(
        @JsonPropertyDescription("Generation of the spec that this status speaks about.") @Nullable
        Long observedGeneration,

        @JsonPropertyDescription("Unclaimed browsers to keep now: spec.replicas, or as spec.autoscaling has it.")
        @PrinterColumn(name = "Desired")
        @Nullable
        Integer desired,

        @JsonPropertyDescription("Unclaimed browsers: warm and starting; what autoscalers compare with replicas.")
        @StatusReplicas
        @Nullable
        Integer replicas,

        @JsonPropertyDescription("Label selector of the unclaimed browsers' pods, for autoscalers; never empty.")
        @LabelSelector
        @Nullable
        String selector,

        @JsonPropertyDescription("Browsers that a claim would get now.") @PrinterColumn(name = "Warm") @Nullable
        Integer warm,

        @JsonPropertyDescription("Browsers on their way.") @PrinterColumn(name = "Starting") @Nullable
        Integer starting,

        @JsonPropertyDescription("Browsers that serve a session.") @PrinterColumn(name = "Claimed") @Nullable
        Integer claimed,

        @JsonPropertyDescription("Browsers on their way out.") @Nullable
        Integer retiring,

        @JsonPropertyDescription("Unclaimed browsers of the current revision.")
        @PrinterColumn(name = "Updated")
        @Nullable
        Integer updated,

        @JsonPropertyDescription("Browsers that failed and are being cleared away.")
        @PrinterColumn(name = "Failed", priority = 1)
        @Nullable
        Integer failed,

        @JsonPropertyDescription("Hash of the browsers' shape that the pool now builds.")
        @PrinterColumn(name = "Revision", priority = 1)
        @Nullable
        String revision,

        @JsonPropertyDescription("Ready, Available, Progressing, Degraded.") @Nullable
        List<Condition> conditions) {}
