package dev.hearth.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;

/** How unclaimed browsers follow a change of the pool's shape. */
@JsonIgnoreProperties(ignoreUnknown = true)
public record UpdateStrategy(
        @JsonPropertyDescription("RollingUpdate retires an old browser once a new one is warm; OnReplenish lets old"
                + " ones be claimed, last, and replaces them as they go.")
        @Default("RollingUpdate")
        Type type,

        @JsonPropertyDescription("Browsers above replicas while rolling.") @Default("1") @Min(1) @Max(1000)
        Integer maxSurge) {

    /** What a pool without {@code updateStrategy} has. */
    public static final UpdateStrategy STANDARD = new UpdateStrategy(Type.ROLLING_UPDATE, 1);

    public UpdateStrategy {
        type = type == null ? Type.ROLLING_UPDATE : type;
        maxSurge = maxSurge == null ? 1 : maxSurge;
    }

    /** When an old browser goes. */
    public enum Type {
        @JsonProperty("RollingUpdate")
        ROLLING_UPDATE,
        @JsonProperty("OnReplenish")
        ON_REPLENISH
    }
}
