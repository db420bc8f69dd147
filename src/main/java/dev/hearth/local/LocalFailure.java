package dev.hearth.local;

/** Something this machine lacks or refuses, in one line that ends with its cure. */
public final class LocalFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public LocalFailure(String what, String cure) {
        super(what + " — " + cure);
    }

    public LocalFailure(String what, String cure, Throwable cause) {
        super(what + " — " + cure, cause);
    }
}
