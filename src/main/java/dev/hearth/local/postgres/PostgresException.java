package dev.hearth.local.postgres;

/** The local PostgreSQL cannot be had. The message is one line that says what and where; no cause is needed to act on it. */
public final class PostgresException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    PostgresException(String message) {
        super(message);
    }

    PostgresException(String message, Throwable cause) {
        super(message, cause);
    }
}
