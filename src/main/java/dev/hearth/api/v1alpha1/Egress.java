package dev.hearth.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** By which way a pool's browsers reach the network. */
public enum Egress {
    @JsonProperty("Direct")
    DIRECT,
    @JsonProperty("Guarded")
    GUARDED
}
