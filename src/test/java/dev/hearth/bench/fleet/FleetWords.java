package dev.hearth.bench.fleet;

import dev.hearth.wire.Beat;
import dev.hearth.wire.BeatReply;
import dev.hearth.wire.Message;
import dev.hearth.wire.MessageCodec;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * The agents' own lines, made once by the agents' own codec and then filled in: browser and sequence are all that differs
 * between the beats of a fleet. A million beats in 5 s leave no time for JSON on this side.
 */
final class FleetWords {
    private static final int ID = 36;
    private static final int DIGITS = 9;
    private static final long SAMPLE = 111_111_111L;

    private final byte[] beat = MessageCodec.encode(new Message.Beating(
            new Beat(FleetIds.id(0), FleetRows.POD, SAMPLE, Beat.Chrome.READY, null, 0, 0, false, false, 0, 0)));
    private final int beatId = at(beat, FleetIds.id(0).toString());
    private final int beatSequence = at(beat, Long.toString(SAMPLE));
    private final byte[] reply =
            MessageCodec.encode(new Message.Reply(new BeatReply(FleetIds.id(0), SAMPLE, 0, null, -1, 0, 0, false)));
    private final int replyId = at(reply, FleetIds.id(0).toString());
    private final int replySequence = at(reply, Long.toString(SAMPLE));

    static byte[] hello(int number) {
        return MessageCodec.encode(new Message.Hello(FleetIds.id(number), FleetRows.POD, FleetRows.TOKEN));
    }

    int beatLength() {
        return beat.length;
    }

    /** Leading zeros are no JSON, so sequences begin at the least number of that many digits. */
    void putBeat(ByteBuffer out, int number, int sequence) {
        var start = out.position();
        out.put(beat);
        put(out, start + beatId, FleetIds.id(number));
        var rest = sequence;
        for (var digit = DIGITS - 1; digit >= 0; digit--) {
            out.put(start + beatSequence + digit, (byte) ('0' + rest % 10));
            rest /= 10;
        }
    }

    /** Whether the line is the gateway's answer to a beat. */
    boolean isReply(byte[] line, int start) {
        for (var at = 0; at < replyId; at++) {
            if (line[start + at] != reply[at]) {
                return false;
            }
        }
        return true;
    }

    int replyNumber(byte[] line, int start) {
        return FleetIds.number(line, start + replyId + ID);
    }

    int replySequence(byte[] line, int start) {
        var sequence = 0;
        for (var at = start + replySequence; line[at] >= '0' && line[at] <= '9'; at++) {
            sequence = sequence * 10 + line[at] - '0';
        }
        return sequence;
    }

    private static void put(ByteBuffer out, int at, UUID id) {
        var to = put(out, at, id.getMostSignificantBits(), 60, 8);
        to = put(out, to + 1, id.getMostSignificantBits(), 28, 4);
        to = put(out, to + 1, id.getMostSignificantBits(), 12, 4);
        to = put(out, to + 1, id.getLeastSignificantBits(), 60, 4);
        put(out, to + 1, id.getLeastSignificantBits(), 44, 12);
    }

    private static int put(ByteBuffer out, int at, long bits, int shift, int digits) {
        for (var digit = 0; digit < digits; digit++) {
            out.put(at + digit, (byte) Character.forDigit((int) (bits >>> shift - 4 * digit & 0xF), 16));
        }
        return at + digits;
    }

    private static int at(byte[] line, String word) {
        return new String(line, StandardCharsets.UTF_8).indexOf(word);
    }
}
