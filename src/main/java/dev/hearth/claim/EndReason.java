package dev.hearth.claim;

/** Why a session ended; kept in its history and shown wherever the session is. */
public enum EndReason {
    RELEASED("Released", Ending.COMPLETED),
    CLIENT_DISCONNECTED("ClientDisconnected", Ending.COMPLETED),
    BROWSER_CLOSED("BrowserClosed", Ending.COMPLETED),
    IDLE("Idle", Ending.COMPLETED),
    TIMED_OUT("TimedOut", Ending.TIMED_OUT),
    NEVER_CONNECTED("NeverConnected", Ending.TIMED_OUT),
    BROWSER_CRASHED("BrowserCrashed", Ending.ERROR),
    OUT_OF_MEMORY("OutOfMemory", Ending.ERROR),
    POD_LOST("PodLost", Ending.ERROR),
    EVICTED("Evicted", Ending.ERROR);

    /** The three ways a session can end in the words of Browserbase's API. */
    public enum Ending {
        COMPLETED,
        TIMED_OUT,
        ERROR
    }

    private final String word;
    private final Ending ending;

    EndReason(String word, Ending ending) {
        this.word = word;
        this.ending = ending;
    }

    /** The CamelCase word that users see, in status, events and history. */
    public String word() {
        return word;
    }

    public Ending ending() {
        return ending;
    }

    public static EndReason ofWord(String word) {
        for (var reason : values()) {
            if (reason.word.equals(word)) {
                return reason;
            }
        }
        throw new IllegalArgumentException("no end reason '" + word + "'");
    }
}
