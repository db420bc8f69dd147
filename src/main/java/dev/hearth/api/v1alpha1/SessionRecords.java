package dev.hearth.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Which of a pool's sessions are BrowserSession objects. */
public enum SessionRecords {
    /** Those that were declared as one. */
    @JsonProperty("Declared")
    DECLARED,
    /** Those that were claimed over HTTP too: each has an object that follows it, for people to see. */
    @JsonProperty("All")
    ALL
}
