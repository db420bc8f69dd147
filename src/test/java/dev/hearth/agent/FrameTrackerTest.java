package dev.hearth.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameTrackerTest {
    private static final int[] SIZES = {0, 1, 125, 126, 127, 65_535, 65_536, 70_000};

    private record Frame(int opcode, boolean last, long length) {}

    private static final class Log implements FrameTracker.Listener {
        private final List<Frame> frames = new ArrayList<>();
        private long payload;
        private int ended;

        @Override
        public void frame(int opcode, boolean last, long length) {
            frames.add(new Frame(opcode, last, length));
        }

        @Override
        public void payload(ByteBuffer chunk, int from, int length) {
            payload += length;
        }

        @Override
        public void frameEnded() {
            ended++;
        }
    }

    @Test
    void seesTheSameFramesByteByByte() {
        var sent = new ArrayList<Frame>();
        var stream = stream(new Random(1), sent);
        var log = new Log();
        var tracker = new FrameTracker(FrameTracker.Direction.FROM_CLIENT, log);
        for (var i = 0; i < stream.length; i++) {
            assertThat(tracker.scan(ByteBuffer.wrap(stream, i, 1), false)).isEqualTo(i + 1);
        }
        assertThat(log.frames).isEqualTo(sent);
        assertThat(tracker.atBoundary()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14, 15, 16, 17, 18})
    void seesTheSameFramesHoweverTheStreamIsCut(long seed) {
        var random = new Random(seed);
        var sent = new ArrayList<Frame>();
        var stream = stream(random, sent);
        var log = new Log();
        var tracker = new FrameTracker(FrameTracker.Direction.FROM_CLIENT, log);
        for (var at = 0; at < stream.length; ) {
            var length = Math.min(stream.length - at, 1 + random.nextInt(random.nextBoolean() ? 20 : 40_000));
            tracker.scan(ByteBuffer.wrap(stream, at, length), false);
            at += length;
        }
        assertThat(log.frames).as("seed " + seed).isEqualTo(sent);
        assertThat(log.ended).isEqualTo(sent.size());
        assertThat(log.payload).isEqualTo(sent.stream().mapToLong(Frame::length).sum());
    }

    @Test
    void stopsAtEachBoundary() {
        var two = new byte[] {(byte) 0x81, 1, 'a', (byte) 0x81, 0};
        var tracker = new FrameTracker(FrameTracker.Direction.FROM_CHROME, new Log());
        assertThat(tracker.scan(ByteBuffer.wrap(two, 0, 2), true)).isEqualTo(2);
        assertThat(tracker.atBoundary()).isFalse();
        assertThat(tracker.scan(ByteBuffer.wrap(two, 2, 3), true)).isEqualTo(3);
        assertThat(tracker.atBoundary()).isTrue();
        assertThat(tracker.scan(ByteBuffer.wrap(two, 3, 2), true)).isEqualTo(5);
    }

    @Test
    void skipsAMessageLargerThanAnInt() {
        var header = ByteBuffer.allocate(10)
                .put((byte) 0x81)
                .put((byte) 127)
                .putLong(5_000_000_000L)
                .flip();
        var tracker = new FrameTracker(FrameTracker.Direction.FROM_CHROME, new Log());
        tracker.scan(header, false);
        var chunk = ByteBuffer.allocate(50_000_000);
        for (var i = 0; i < 100; i++) {
            assertThat(tracker.atBoundary()).isFalse();
            tracker.scan(chunk, false);
        }
        assertThat(tracker.atBoundary()).isTrue();
    }

    @Test
    void refusesWhatTheProtocolForbids() {
        assertMalformed(FrameTracker.Direction.FROM_CLIENT, 0x81, 0x01); // unmasked client
        assertMalformed(FrameTracker.Direction.FROM_CHROME, 0x81, 0x81); // masked server
        assertMalformed(FrameTracker.Direction.FROM_CHROME, 0xc1, 0x01); // reserved bit
        assertMalformed(FrameTracker.Direction.FROM_CHROME, 0x83, 0x01); // reserved data opcode
        assertMalformed(FrameTracker.Direction.FROM_CHROME, 0x8b, 0x01); // reserved control opcode
        assertMalformed(FrameTracker.Direction.FROM_CHROME, 0x08, 0x00); // fragmented control frame
        assertMalformed(FrameTracker.Direction.FROM_CHROME, 0x88, 126); // long control frame
        assertMalformed(FrameTracker.Direction.FROM_CHROME, 0x80, 0x01); // continuation of nothing
        assertMalformed(FrameTracker.Direction.FROM_CHROME, 0x01, 0x00, 0x81, 0x00); // message inside a message
        assertMalformed(FrameTracker.Direction.FROM_CHROME, 0x81, 127, 0x80, 0, 0, 0, 0, 0, 0, 0); // negative length
    }

    private static void assertMalformed(FrameTracker.Direction direction, int... bytes) {
        var chunk = ByteBuffer.allocate(bytes.length);
        for (var value : bytes) {
            chunk.put((byte) value);
        }
        var tracker = new FrameTracker(direction, new Log());
        assertThat(tracker.scan(chunk.flip(), false)).isEqualTo(FrameTracker.MALFORMED);
    }

    /** Messages in one to three fragments, with control frames between them. */
    private static byte[] stream(Random random, List<Frame> sent) {
        var out = new ByteArrayOutputStream();
        for (var message = 0; message < 12; message++) {
            var fragments = 1 + random.nextInt(3);
            for (var fragment = 0; fragment < fragments; fragment++) {
                var opcode = fragment == 0 ? FrameTracker.TEXT : FrameTracker.CONTINUATION;
                add(
                        out,
                        random,
                        new Frame(opcode, fragment == fragments - 1, SIZES[random.nextInt(SIZES.length)]),
                        sent);
                if (random.nextInt(3) == 0) {
                    add(out, random, new Frame(FrameTracker.PING, true, random.nextInt(126)), sent);
                }
            }
        }
        return out.toByteArray();
    }

    private static void add(ByteArrayOutputStream out, Random random, Frame frame, List<Frame> sent) {
        var bytes = ClientFrame.masked(frame.opcode(), new byte[(int) frame.length()], random.nextInt());
        if (!frame.last()) {
            bytes[0] = (byte) (bytes[0] & 0x7f);
        }
        out.writeBytes(bytes);
        sent.add(frame);
    }
}
