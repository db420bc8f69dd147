package dev.hearth.agent;

import dev.hearth.wire.BeatReply;

/** What becomes of a browser by Postgres' word. Pure. */
enum Sequel {
    /** The word says nothing new. */
    NOTHING,
    /** It has a session, or waits for one. */
    GOES_ON,
    /** Its session is over, and whether it will have another is not said yet. */
    ENDS,
    /** Its session is over and it may have another: once its Chrome is a new one. */
    IS_FREE,
    /** It goes, with its pod. */
    IS_OVER,
    /** It has had sessions that this agent, restarted since, knows nothing of. */
    IS_UNFIT;

    /**
     * @param servesAgain whether this browser may have a session after its first
     * @param answered whether the word was spoken after Postgres had been told what this agent knows now
     */
    record Past(boolean servesAgain, SessionRecord record, boolean answered) {
        private boolean isOver() {
            return record.ended() && !record.between();
        }
    }

    /** @param word not of an epoch before the agent's own */
    static Sequel of(BeatReply word, Past past) {
        if (past.isOver()) {
            return NOTHING;
        }
        if (past.record().between()) {
            return between(word, past);
        }
        if (word.ended()) {
            return past.servesAgain() && past.record().inSession() ? ENDS : IS_OVER;
        }
        if (word.session() != null) {
            return GOES_ON;
        }
        if (past.record().inSession()) {
            return past.servesAgain() ? IS_FREE : IS_OVER;
        }
        return past.servesAgain() && !past.record().welcomed() && word.epoch() > 0 ? IS_UNFIT : GOES_ON;
    }

    /** Answers to what was said before the end are about the session that was. */
    private static Sequel between(BeatReply word, Past past) {
        if (word.ended()) {
            return past.answered() ? IS_OVER : NOTHING;
        }
        return word.session() == null ? IS_FREE : NOTHING;
    }
}
