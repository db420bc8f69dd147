package dev.hearth.api.v1alpha1;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;

/** How many unclaimed browsers a pool keeps that grows and shrinks with its use. */
@JsonIgnoreProperties(ignoreUnknown = true)
@ValidationRule(
        value = "self.minReplicas <= self.maxReplicas",
        message = "minReplicas must be at most maxReplicas",
        fieldPath = ".minReplicas")
@ValidationRule(
        value = "duration(self.scaleDownAfter) <= duration('24h')",
        message = "scaleDownAfter must be at most 24h",
        fieldPath = ".scaleDownAfter")
public record Autoscaling(
        @JsonPropertyDescription("Unclaimed browsers at least, also while nobody has a session.")
        @Default("1")
        @Min(1)
        @Max(10_000)
        Integer minReplicas,

        @JsonPropertyDescription("Unclaimed browsers at most, however many are claimed.") @Required @Min(1) @Max(10_000)
        Integer maxReplicas,

        @JsonPropertyDescription("Percent of the pool's browsers that are to be unclaimed: with 25, one beside three"
                + " claimed ones; with 50, as many as are claimed.")
        @Default("25")
        @Min(1)
        @Max(90)
        Integer sparePercent,

        @JsonPropertyDescription("How long a need must be over before browsers go again; 0s: at once.")
        @Default("5m")
        @Pattern("^(0s|([1-9][0-9]*h)?([1-9][0-9]*m)?([1-9][0-9]*s)?)$")
        String scaleDownAfter) {

    public Autoscaling {
        minReplicas = requireNonNullElse(minReplicas, 1);
        sparePercent = requireNonNullElse(sparePercent, 25);
        scaleDownAfter = requireNonNullElse(scaleDownAfter, "5m");
    }
}
