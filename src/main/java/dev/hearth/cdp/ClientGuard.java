package dev.hearth.cdp;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Function;

/** Judges the small frames of a client: what passes to Chrome, what ends the connection, what is ours. Pure. */
final class ClientGuard {
    /** Pongs that answer our own pings are kept from Chrome, which never asked. */
    static final byte[] PING = "hearth".getBytes(StandardCharsets.US_ASCII);

    /** Control frames in one second. Fewer: honest clients that ping each message are cut. More: a flood is carried on. */
    private static final int MOST_CONTROLS = 500;

    private final Function<byte[], Verdict> texts;
    private long commands;
    private long second;
    private int controls;

    /** Of a client: only {@code Browser.close} is looked for. */
    ClientGuard() {
        this(payload -> BrowserCloseCommand.in(payload)
                .<Verdict>map(Verdict.BrowserClose::new)
                .orElseGet(Verdict.Pass::new));
    }

    private ClientGuard(Function<byte[], Verdict> texts) {
        this.texts = texts;
    }

    /** Of a viewer who may command nothing; needs {@link FrameScanner.Rules#FROM_VIEWER}, so that it sees every text. */
    static ClientGuard readOnly() {
        return new ClientGuard(payload -> ReadOnlyCommands.instead(payload)
                .<Verdict>map(Verdict.Instead::new)
                .orElseGet(() -> broken(1008, "not a command for a read-only view")));
    }

    /** What becomes of a small frame. */
    sealed interface Verdict {
        record Pass() implements Verdict {}

        record Drop() implements Verdict {}

        /** The client says goodbye; the frame passes, nothing after it does. */
        record Goodbye() implements Verdict {}

        /** Another text goes in its place. */
        record Instead(byte[] text) implements Verdict {}

        record BrowserClose(BrowserCloseCommand command) implements Verdict {}

        record Broken(FrameScanner.Violation violation) implements Verdict {}
    }

    Verdict judge(int opcode, byte[] payload, long nowMillis) {
        return switch (opcode) {
            case FrameScanner.TEXT -> text(payload);
            case FrameScanner.CLOSE -> close(payload);
            default -> control(opcode, payload, nowMillis);
        };
    }

    /** A message too long to be looked into: the first of its frames is a command. */
    void streaming(int opcode) {
        commands += opcode == FrameScanner.TEXT ? 1 : 0;
    }

    long commands() {
        return commands;
    }

    private Verdict text(byte[] payload) {
        commands++;
        return texts.apply(payload);
    }

    private Verdict control(int opcode, byte[] payload, long nowMillis) {
        if (nowMillis / 1000 != second) {
            second = nowMillis / 1000;
            controls = 0;
        }
        controls++;
        if (controls > MOST_CONTROLS) {
            return broken(1008, "more than " + MOST_CONTROLS + " control frames in a second");
        }
        return opcode == FrameScanner.PONG && Arrays.equals(payload, PING) ? new Verdict.Drop() : new Verdict.Pass();
    }

    private static Verdict close(byte[] payload) {
        if (payload.length == 0) {
            return new Verdict.Goodbye();
        }
        var code = ByteBuffer.wrap(payload).getShort() & 0xFFFF;
        var known = (code >= 1000 && code <= 1014 && code != 1004 && code != 1005 && code != 1006)
                || (code >= 3000 && code <= 4999);
        if (!known) {
            return broken(1002, "close code " + code);
        }
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(payload, 2, payload.length - 2));
            return new Verdict.Goodbye();
        } catch (CharacterCodingException notUtf8) {
            return broken(1002, "close reason is not UTF-8");
        }
    }

    private static Verdict broken(int code, String reason) {
        return new Verdict.Broken(new FrameScanner.Violation(code, reason));
    }
}
