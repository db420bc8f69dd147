package dev.hearth.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How many clients may hold a session's connection at once. */
public enum ConnectionMode {
    @JsonProperty("Exclusive")
    EXCLUSIVE,
    @JsonProperty("Shared")
    SHARED
}
