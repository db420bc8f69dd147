package dev.hearth.claim;

/** Hears of each session's end, and of each browser's reset, once, from the process whose transaction ended it, after it is committed. */
@FunctionalInterface
public interface SessionListener {
    SessionListener NOBODY = _ -> {};

    /** Must be quick, and must not throw: whoever ended the session waits for it. */
    void ended(Session session);

    /** Browsers that wait for their next session with a new Chrome, and such that could not get one: their pods go. */
    default void reset(int renewed, int givenUp) {}
}
