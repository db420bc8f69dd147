package dev.hearth.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** How often a pod serves anew, and how long it may take to be ready for it. */
@JsonIgnoreProperties(ignoreUnknown = true)
@ValidationRule(
        value = "duration(self.timeout) <= duration('5m')",
        message = "timeout must be at most 5m",
        fieldPath = ".timeout")
public record Reset(
        @JsonPropertyDescription("Sessions that a pod serves, one after the other, before it is replaced.")
        @Default("20")
        @Min(2)
        @Max(1000)
        Integer maxUses,

        @JsonPropertyDescription("A pod whose new Chrome is not ready within this is replaced.")
        @Default("15s")
        @Size(min = 2, max = 16)
        @Pattern("^([1-9][0-9]*h)?([1-9][0-9]*m)?([1-9][0-9]*s)?$")
        String timeout) {

    /** What a pool without {@code reset} has. */
    public static final Reset STANDARD = new Reset(20, "15s");

    public Reset {
        maxUses = maxUses == null ? 20 : maxUses;
        timeout = timeout == null ? "15s" : timeout;
    }
}
