package dev.hearth.wire;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A browser's report about itself, every 5 s and at once when something changed. It states facts, never verdicts:
 * what they mean for the session is decided in Postgres.
 *
 * @param sequence grows by one with each beat of an agent's life; an older one never overwrites a newer
 * @param session the session whose epoch the agent obeys, if any
 * @param connections client connections open now; viewers and page sockets are not counted
 * @param connected whether any client of this session ever connected
 * @param left the last client said goodbye (or its gateway said so for it); false after a bare FIN or RST
 * @param commands CDP commands of clients since the session began
 * @param idleMillis since the last client command, or since the session began
 * @param proxyBytes that passed the guard for this session, either way; 0 of a browser that goes out directly
 */
public record Beat(
        UUID browser,
        String podUid,
        long sequence,
        Chrome chrome,
        @Nullable UUID session,
        long epoch,
        int connections,
        boolean connected,
        boolean left,
        long commands,
        long idleMillis,
        long proxyBytes) {

    /** Of a browser that goes out directly. */
    public Beat(
            UUID browser,
            String podUid,
            long sequence,
            Chrome chrome,
            @Nullable UUID session,
            long epoch,
            int connections,
            boolean connected,
            boolean left,
            long commands,
            long idleMillis) {
        this(browser, podUid, sequence, chrome, session, epoch, connections, connected, left, commands, idleMillis, 0);
    }

    /** How Chrome is, by a real CDP command and not by an open port. */
    public enum Chrome {
        STARTING,
        READY,
        /** Its DevTools socket is open but a command got no answer in time. */
        FROZEN,
        /** Its process or its DevTools socket is gone: it will not come back in this pod. */
        GONE
    }
}
