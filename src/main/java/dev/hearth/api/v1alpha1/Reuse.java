package dev.hearth.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What becomes of a browser after its session. */
public enum Reuse {
    /** It goes, with its pod. */
    @JsonProperty("Never")
    NEVER,
    /** Chrome and its profile are replaced within the pod, which serves the next session. */
    @JsonProperty("Reset")
    RESET
}
