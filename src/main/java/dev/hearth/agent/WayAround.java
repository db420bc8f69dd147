package dev.hearth.agent;

import org.jspecify.annotations.Nullable;

/**
 * Looks through a client's message, byte by byte, for what would lead Chrome around its guard: a browser context with a proxy
 * of its own, and the two commands by which other commands come to Chrome in a form that is not read here. Pure.
 */
final class WayAround {
    /** Longer than any word that is looked for; of longer strings the rest is skipped. */
    private static final int LONGEST = 40;

    private final StringBuilder word = new StringBuilder();
    private boolean inString;
    private int escaped = -1;
    private int code;
    private boolean ended;
    private @Nullable String key;
    private boolean found;

    /** Another message begins. */
    void begin() {
        inString = false;
        escaped = -1;
        ended = false;
        key = null;
    }

    boolean found() {
        return found;
    }

    void next(byte octet) {
        var c = (char) (octet & 0xff);
        if (inString) {
            inString(c);
        } else if (c == '"') {
            value();
            inString = true;
            word.setLength(0);
        } else if (c == ':' && ended) {
            ended = false;
            key = word.toString();
            found |= key.equals("proxyServer") || key.equals("proxyBypassList");
        } else if (c > ' ') {
            value();
        }
    }

    private void inString(char c) {
        if (escaped < 0) {
            switch (c) {
                case '"' -> {
                    inString = false;
                    ended = true;
                }
                case '\\' -> escaped = 0;
                default -> append(c);
            }
        } else if (escaped == 0 && c != 'u') {
            escaped = -1;
            append(c);
        } else {
            code = escaped == 0 ? 0 : code * 16 + Character.digit(c, 16);
            escaped++;
            if (escaped == 5) {
                escaped = -1;
                append((char) code);
            }
        }
    }

    private void append(char c) {
        if (word.length() <= LONGEST) {
            word.append(c);
        }
    }

    /** The string that has just ended was no key. */
    private void value() {
        if (ended) {
            ended = false;
            var text = word.toString();
            found |= "method".equals(key)
                    && (text.equals("Target.exposeDevToolsProtocol") || text.equals("Target.sendMessageToTarget"));
        }
    }
}
