package dev.hearth.agent;

import dev.hearth.wire.EgressRules;
import org.jspecify.annotations.Nullable;

/**
 * Where this pod's Chrome may go. Closed until a session's client comes with the session's rules, and closed again as soon as
 * the session ends or the browser changes hands.
 */
final class Guard {
    private final SessionRecord session;
    private final AddressPolicy addresses;
    private @Nullable EgressRules rules;
    private long epoch;

    Guard(SessionRecord session, AddressPolicy addresses) {
        this.session = session;
        this.addresses = addresses;
    }

    AddressPolicy addresses() {
        return addresses;
    }

    /** A client of the session that the browser obeys now was let in. The first one's word holds: rules are for a session's life. */
    void open(EgressRules wanted) {
        if (rules() == null) {
            rules = wanted;
            epoch = session.epoch();
        }
    }

    /** Null: nothing may pass. */
    @Nullable
    EgressRules rules() {
        return session.inSession() && !session.ended() && epoch == session.epoch() ? rules : null;
    }

    /** What the session that is on has opened; a connection of another's must not go on. */
    long epoch() {
        return rules() == null ? -1 : epoch;
    }

    void passed(int bytes) {
        session.passed(bytes);
    }
}
