package dev.hearth.local.node;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** One container as LocalNode will run it. {@code environment} keeps the declared order: later values may refer to earlier ones. */
record ContainerPlan(
        String name,
        Role role,
        String image,
        LocalImages.Resolution program,
        List<String> arguments,
        LinkedHashMap<String, EnvSource> environment,
        Map<String, String> volumeByMountPath,
        boolean sharedMemory,
        OptionalLong memoryLimit,
        Optional<ProbePlan> readiness,
        boolean logTailAsMessage) {
    /** What comes before the program, and starts it. */
    List<String> keeper() {
        return program instanceof LocalImages.Resolution.Found(var _, var keeper) ? keeper : List.of();
    }

    /** {@code INIT} runs to completion; {@code SIDECAR} is an init container that stays (restartPolicy Always). */
    enum Role {
        INIT,
        SIDECAR,
        MAIN
    }
}
