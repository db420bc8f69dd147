package dev.hearth.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What deleting a pool does to its sessions. */
public enum DeletionPolicy {
    /** The pool stays, without warm browsers, until its last session has ended. */
    @JsonProperty("Drain")
    DRAIN,
    /** Its sessions are ended at once. */
    @JsonProperty("Terminate")
    TERMINATE
}
