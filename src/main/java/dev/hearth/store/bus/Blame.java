package dev.hearth.store.bus;

import dev.hearth.claim.StoreException;
import dev.hearth.claim.StoreException.Kind;

/** Whose fault it is that a group failed. */
final class Blame {
    private Blame() {}

    /**
     * True: one of the group may have broken it, and nothing was done, so each tries by itself. A database that is away would
     * be away for each of them too, one after the other; and what may have been done must not be done again.
     */
    static boolean mayBeOneMembers(Throwable failure) {
        return switch (failure) {
            case StoreException store -> store.kind() == Kind.BROKEN || store.kind() == Kind.MOVED;
            case RuntimeException _ -> true;
            default -> false;
        };
    }
}
