package dev.hearth.claim;

/** Hears of each session's end once, from the process whose transaction ended it, after it is committed. */
@FunctionalInterface
public interface SessionListener {
    SessionListener NOBODY = _ -> {};

    /** Must be quick, and must not throw: whoever ended the session waits for it. */
    void ended(Session session);
}
