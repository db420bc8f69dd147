package dev.hearth.local.node;

import java.time.Instant;
import java.util.Optional;

/** Where one container stands. {@code Waiting} means it never ran; a container between two runs is {@code Exited}. */
sealed interface ContainerStage {
    record Waiting(String reason, String message) implements ContainerStage {
        static final Waiting CREATING = new Waiting("ContainerCreating", "");
        static final Waiting INITIALIZING = new Waiting("PodInitializing", "");
    }

    /** @param termSentAt set once it was asked to end; from then on it does not count as ready */
    record Running(Instant startedAt, boolean probeSucceeded, Optional<Instant> termSentAt) implements ContainerStage {
        boolean ready() {
            return probeSucceeded && termSentAt.isEmpty();
        }
    }

    /** @param exitCode 128 + signal where a signal ended it, as a shell and the JDK report it */
    record Exited(int exitCode, boolean outOfMemory, String message, Instant startedAt, Instant finishedAt)
            implements ContainerStage {
        boolean success() {
            return exitCode == 0;
        }

        Optional<Integer> signal() {
            return exitCode > 128 && exitCode <= 128 + 31 ? Optional.of(exitCode - 128) : Optional.empty();
        }

        String reason() {
            if (success()) {
                return "Completed";
            }
            return outOfMemory ? "OOMKilled" : "Error";
        }
    }
}
