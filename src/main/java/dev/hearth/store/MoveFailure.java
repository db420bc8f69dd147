package dev.hearth.store;

import java.sql.SQLException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A move that was refused or broke off; one line that says why, and what to do. */
public final class MoveFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    MoveFailure(String message) {
        this(message, null);
    }

    private MoveFailure(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    static MoveFailure brokenOff(SQLException cause) {
        return new MoveFailure(
                "broke off: %s — run the same command once more; with --cancel, if it has not said \"arrived\", it is undone"
                        .formatted(Objects.toString(cause.getMessage())
                                .lines()
                                .findFirst()
                                .orElse("")),
                cause);
    }
}
