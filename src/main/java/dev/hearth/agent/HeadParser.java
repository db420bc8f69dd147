package dev.hearth.agent;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Reads one HTTP/1.1 head as its bytes come in. Takes bytes up to the blank line only; what follows stays in the
 * caller's buffer. Strict: what is not plainly HTTP/1.1 is refused, so that two parsers can never disagree about it.
 */
final class HeadParser {
    /** Larger: an unauthenticated neighbour holds more of our memory. Smaller: a gateway's headers may not fit. */
    static final int LONGEST = 16 * 1024;

    private static final Pattern NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
    private static final Pattern VALUE = Pattern.compile("[\\t\\x20-\\x7e\\x80-\\xff]*");
    private static final Pattern START = Pattern.compile("[\\x21-\\x7e]+ [\\x21-\\x7e]+ [\\t\\x20-\\x7e]+");

    /** How far the head is. */
    sealed interface Progress {
        record Incomplete() implements Progress {}

        record Complete(HttpHead head) implements Progress {}

        record Malformed(int status, String why) implements Progress {}
    }

    private byte[] bytes = new byte[1024];
    private int length;

    Progress feed(ByteBuffer chunk) {
        while (chunk.hasRemaining()) {
            if (length == LONGEST) {
                return new Progress.Malformed(431, "head longer than " + LONGEST + " bytes");
            }
            if (length == bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.min(LONGEST, 2 * length));
            }
            bytes[length++] = chunk.get();
            if (endsHead()) {
                return parse(new String(bytes, 0, length - 4, StandardCharsets.ISO_8859_1));
            }
        }
        return new Progress.Incomplete();
    }

    private boolean endsHead() {
        return length >= 4
                && bytes[length - 1] == '\n'
                && bytes[length - 2] == '\r'
                && bytes[length - 3] == '\n'
                && bytes[length - 4] == '\r';
    }

    private static Progress parse(String text) {
        var lines = text.split("\r\n", -1);
        if (!START.matcher(lines[0]).matches()) {
            return new Progress.Malformed(400, "start line is not HTTP/1.1");
        }
        var start = lines[0].split(" ", 3);
        if (!start[0].equals("HTTP/1.1") && !start[2].equals("HTTP/1.1")) {
            return new Progress.Malformed(400, "only HTTP/1.1 is spoken here");
        }
        var headers = new HashMap<String, String>();
        for (var line : Arrays.asList(lines).subList(1, lines.length)) {
            var colon = line.indexOf(':');
            if (colon < 1 || !NAME.matcher(line.substring(0, colon)).matches()) {
                return new Progress.Malformed(400, "a header line has no valid name");
            }
            var value = line.substring(colon + 1).strip();
            if (!VALUE.matcher(value).matches()) {
                return new Progress.Malformed(400, "a header value holds control characters");
            }
            headers.merge(line.substring(0, colon).toLowerCase(Locale.ROOT), value, (a, b) -> a + ", " + b);
        }
        return new Progress.Complete(new HttpHead(start[0], start[1], start[2], headers));
    }
}
