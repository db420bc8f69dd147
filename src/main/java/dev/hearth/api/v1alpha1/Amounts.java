package dev.hearth.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Quantity;
import org.jspecify.annotations.Nullable;

/** Amounts of the resources that a browser uses. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "!has(self.cpu) || isQuantity(string(self.cpu))",
        message = "cpu must be a quantity like 500m or 2",
        fieldPath = ".cpu")
@ValidationRule(
        value = "!has(self.memory) || isQuantity(string(self.memory))",
        message = "memory must be a quantity like 512Mi or 2Gi",
        fieldPath = ".memory")
public record Amounts(
        @JsonPropertyDescription("Cores, like 500m or 2.") @Nullable
        Quantity cpu,

        @JsonPropertyDescription("Memory, like 1Gi.") @Nullable
        Quantity memory,

        @JsonPropertyDescription("Disk for profile and temporary files, like 2Gi.")
        @JsonProperty("ephemeral-storage")
        @Nullable
        Quantity ephemeralStorage) {}
