package dev.hearth.cloudflare;

import dev.hearth.claim.EndReason;

/** Why a session closed, in Cloudflare's words. Its numbers 1 and 2 are public; the others are ours, in the order of its list. */
enum CloseReason {
    NORMAL_CLOSURE(1, "NormalClosure"),
    BROWSER_IDLE(2, "BrowserIdle"),
    CHROMIUM_CRASHED(3, "ChromiumCrashed"),
    CONNECTION_ERROR(4, "ConnectionError"),
    SESSION_EVICTED(5, "SessionEvicted");

    private final int number;
    private final String text;

    CloseReason(int number, String text) {
        this.number = number;
        this.text = text;
    }

    int number() {
        return number;
    }

    String text() {
        return text;
    }

    static CloseReason of(EndReason reason) {
        return switch (reason) {
            case RELEASED, CLIENT_DISCONNECTED, BROWSER_CLOSED -> NORMAL_CLOSURE;
            case IDLE, NEVER_CONNECTED -> BROWSER_IDLE;
            case BROWSER_CRASHED, OUT_OF_MEMORY -> CHROMIUM_CRASHED;
            case POD_LOST -> CONNECTION_ERROR;
            case TIMED_OUT, EVICTED -> SESSION_EVICTED;
        };
    }
}
