package dev.hearth.gateway;

import java.util.UUID;

/** The CDP connections that run through this gateway, as the rest of it needs to know them. */
public interface LiveConnections {
    /** The session is over: its connections here get close 4003. */
    void sessionEnded(UUID session);

    /** Closes what is left with 1012, so that clients connect again elsewhere. */
    void closeAll();

    int open();
}
