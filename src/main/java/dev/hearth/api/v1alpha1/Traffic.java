package dev.hearth.api.v1alpha1;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;

/** A pool's part of what the pools of its region serve together. */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Traffic(
        @JsonPropertyDescription(
                "Against the weights of the region's other pools that may serve the claim; those without one count as"
                        + " 100. 0 serves only what the others cannot.")
        @Required
        @Min(0)
        @Max(100)
        Integer weight,

        @JsonPropertyDescription(
                "What goes the same way together: all claims of a Project, or each Claim by itself, which keeps to the"
                        + " weights however few the projects are.")
        @Default("Project")
        TrafficUnit sticky) {

    public Traffic {
        sticky = requireNonNullElse(sticky, TrafficUnit.PROJECT);
    }
}
