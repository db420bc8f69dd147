package dev.hearth.cdp;

/** The close codes that Hearth itself gives, each with the words that go with it. */
enum CloseCode {
    NORMAL(1000, "browser closed"),
    RESTART(1012, "gateway is restarting: connect again"),
    CLIENT_LEFT(4000, "client left"),
    BROWSER_GONE(4002, "browser gone"),
    SESSION_ENDED(4003, "session ended"),
    VIEW_EXPIRED(4004, "view expired");

    private final int code;
    private final String reason;

    CloseCode(int code, String reason) {
        this.code = code;
        this.reason = reason;
    }

    byte[] frame() {
        return Frames.close(code, reason);
    }

    byte[] masked() {
        return Frames.maskedClose(code, reason);
    }
}
