package dev.hearth.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What is sent the same way together where pools share a region's traffic. */
public enum TrafficUnit {
    @JsonProperty("Project")
    PROJECT,
    @JsonProperty("Claim")
    CLAIM
}
