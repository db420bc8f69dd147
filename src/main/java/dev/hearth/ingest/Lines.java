package dev.hearth.ingest;

import dev.hearth.wire.Message;
import java.util.Arrays;
import java.util.function.Consumer;

/** Cuts a byte stream into lines of bounded length, however it arrives. Pure. */
final class Lines {
    private byte[] begun = new byte[0];

    /** False once a line is longer than {@link Message#LONGEST}: nothing honest follows. */
    boolean accept(byte[] bytes, Consumer<byte[]> line) {
        var from = 0;
        for (var i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                if (begun.length + i - from >= Message.LONGEST) {
                    return false;
                }
                line.accept(joined(bytes, from, i));
                begun = new byte[0];
                from = i + 1;
            }
        }
        if (begun.length + bytes.length - from >= Message.LONGEST) {
            return false;
        }
        begun = joined(bytes, from, bytes.length);
        return true;
    }

    private byte[] joined(byte[] bytes, int from, int to) {
        if (begun.length == 0) {
            return Arrays.copyOfRange(bytes, from, to);
        }
        var whole = Arrays.copyOf(begun, begun.length + to - from);
        System.arraycopy(bytes, from, whole, begun.length, to - from);
        return whole;
    }
}
