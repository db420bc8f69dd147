package dev.hearth.local.node;

/** Counts consecutive probe results; readiness changes only when a threshold is reached. */
record ProbeState(boolean ready, int streak) {
    static final ProbeState UNKNOWN = new ProbeState(false, 0);

    ProbeState after(boolean success, ProbePlan plan) {
        if (success == ready) {
            return new ProbeState(ready, 0);
        }
        int threshold = success ? plan.successThreshold() : plan.failureThreshold();
        return streak + 1 >= threshold ? new ProbeState(success, 0) : new ProbeState(ready, streak + 1);
    }
}
