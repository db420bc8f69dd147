package dev.hearth.pool;

/** Why browsers do not come up, in words for the pool's conditions. */
public record Trouble(Kind kind, String message) {
    /** What stands in the way. */
    public enum Kind {
        QUOTA_EXCEEDED("QuotaExceeded"),
        ADMISSION_DENIED("AdmissionDenied"),
        API_UNAVAILABLE("ApiUnavailable"),
        IMAGE_PULL_FAILED("ImagePullFailed"),
        CRASH_LOOP("CrashLoop"),
        SECCOMP_PROFILE_MISSING("SeccompProfileMissing"),
        CONTAINER_CONFIG("ContainerConfigInvalid"),
        STARTUP_TIMEOUT("StartupTimeout"),
        UNSCHEDULABLE("Unschedulable");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        /** The CamelCase reason that users see. */
        public String word() {
            return word;
        }

        /** Whether each pod's message names a node to mend, so that all are told and not the first alone. */
        boolean isOfNodes() {
            return this == SECCOMP_PROFILE_MISSING;
        }

        /** Whether an accepted pod proves that the trouble is over; the others are over when a browser is warm. */
        boolean endsWithAnAcceptedPod() {
            return this == QUOTA_EXCEEDED || this == ADMISSION_DENIED || this == API_UNAVAILABLE;
        }
    }
}
