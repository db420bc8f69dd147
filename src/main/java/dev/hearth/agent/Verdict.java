package dev.hearth.agent;

import java.util.List;
import java.util.UUID;

/**
 * What becomes of a valid grant.
 *
 * @param handsOver the grant's epoch is newer than ours: adopt it and cut every older connection, whatever the answer says
 */
record Verdict(boolean handsOver, Answer answer) {
    sealed interface Answer {
        /** @param putOut the clients that a take-over puts out first */
        record Admit(List<UUID> putOut) implements Answer {}

        /** Another client holds the session exclusively, or the request would. */
        record Busy(long heldMillis) implements Answer {}

        record Refuse(int status, String why) implements Answer {}
    }

    static Verdict admit(boolean handsOver, List<UUID> putOut) {
        return new Verdict(handsOver, new Answer.Admit(putOut));
    }

    static Verdict refuse(boolean handsOver, int status, String why) {
        return new Verdict(handsOver, new Answer.Refuse(status, why));
    }
}
