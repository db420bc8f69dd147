package dev.hearth.store;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** The database's schema does not fit this program; one line that says how. Start-up ends with it. */
public final class SchemaException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SchemaException(String message) {
        this(message, null);
    }

    SchemaException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** The database was not there, so nothing is known of its schema. */
    boolean isOutage() {
        for (var cause = getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException failure && SqlStates.isConnectionLost(failure)) {
                return true;
            }
        }
        return false;
    }
}
