package dev.hearth.operator;

/** Why the operator cannot start, in one line that ends with its cure. */
public final class OperatorStartException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    OperatorStartException(String message, Throwable cause) {
        super(message, cause);
    }
}
