package dev.hearth.claim;

/** How many clients may hold a session's CDP connection at once. Viewers and page sockets never count. */
public enum Connections {
    /** One; a second gets 409 before the 101. Cloudflare's rule. */
    EXCLUSIVE,
    /** Any number. Browserbase's rule. */
    SHARED
}
