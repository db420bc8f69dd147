package dev.hearth.cdp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.testing.Answers;
import dev.hearth.testing.WebSocketBytes;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FrameScannerTest {
    /** From a client, in hex; W15–W18, W20, W21, W25 of the catalogue of bad input. */
    @ParameterizedTest
    @CsvSource({
        "8105, 1002, not masked",
        "C180 00000000, 1002, reserved bits",
        "A180 00000000, 1002, reserved bits",
        "9180 00000000, 1002, reserved bits",
        "8380 00000000, 1002, reserved opcode",
        "8780 00000000, 1002, reserved opcode",
        "8B80 00000000, 1002, reserved opcode",
        "8F80 00000000, 1002, reserved opcode",
        "8080 00000000, 1002, continuation of nothing",
        "0180 00000000 8180 00000000, 1002, new message inside",
        "0980 00000000, 1002, fragmented control",
        "89FE 007E 00000000, 1002, over 125",
        "8881 00000000 03, 1002, one byte",
        "8280 00000000, 1003, CDP is text",
        "81FF 0000000006400001 00000000, 1009, 100 MiB",
        "81FF 7FFFFFFFFFFFFFFF 00000000, 1009, 100 MiB",
        "81FF FFFFFFFFFFFFFFFF 00000000, 1009, 100 MiB"
    })
    void breaksOff(String hex, int code, String why) {
        var out = new Recorder();
        var relay = out.relay(new FrameScanner(FrameScanner.Rules.FROM_CLIENT));
        for (var one : HexFormat.of().parseHex(hex.replace(" ", ""))) {
            relay.accept(ByteBuffer.wrap(new byte[] {one}));
        }
        assertThat(out.violations).singleElement().satisfies(violation -> {
            assertThat(violation.code()).isEqualTo(code);
            assertThat(violation.reason()).contains(why);
        });
        assertThat(relay.stopped()).isTrue();
    }

    @Test
    void breaksOffAMessageThatGrowsTooLongInFragments() {
        var out = new Recorder();
        var relay = out.relay(new FrameScanner(new FrameScanner.Rules(true, 1000, 256)));
        relay.accept(ByteBuffer.wrap(WebSocketBytes.frame(false, 1, new byte[600], true)));
        assertThat(out.violations).isEmpty();
        relay.accept(ByteBuffer.wrap(WebSocketBytes.frame(true, 0, new byte[401], true)));
        assertThat(out.violations)
                .singleElement()
                .extracting(FrameScanner.Violation::code)
                .isEqualTo(1009);
    }

    @Test
    void breaksOffAMessageOfAMillionEmptyFragments() {
        var out = new Recorder();
        var relay = out.relay(new FrameScanner(FrameScanner.Rules.FROM_CLIENT));
        relay.accept(ByteBuffer.wrap(WebSocketBytes.frame(false, 1, new byte[0], true)));
        var empty = WebSocketBytes.frame(false, 0, new byte[0], true);
        for (var i = 0; i < 1_000_000 && !relay.stopped(); i++) {
            relay.accept(ByteBuffer.wrap(empty));
        }
        assertThat(out.violations)
                .singleElement()
                .extracting(FrameScanner.Violation::code)
                .isEqualTo(1008);
    }

    @Test
    @Answers("slicc#474")
    void letsExactlyTheLargestMessageBegin() {
        var out = new Recorder();
        var relay = out.relay(new FrameScanner(FrameScanner.Rules.FROM_CLIENT));
        relay.accept(ByteBuffer.wrap(HexFormat.of().parseHex("81FF000000000640000000000000")));
        assertThat(out.violations).isEmpty();
        assertThat(relay.betweenFrames()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 5, 8, 13, 21, 34, 55, 89})
    void passesTheSameBytesHoweverTheyAreCut(long seed) {
        var story = Story.of(new Random(seed));
        assertThat(story.told(FrameScanner::new, new Random(seed + 1))).isEqualTo(story.expected);
        assertThat(story.told(FrameScanner::new, new Random(seed + 2))).isEqualTo(story.expected);
    }

    /** The check above must be able to fail: scanners that are wrong in one place each. */
    @Test
    void theFuzzCatchesWrongScanners() {
        var story = Story.of(new Random(7));
        assertThat(story.told(SignedLengths::new, new Random(8))).isNotEqualTo(story.expected);
        assertThat(story.told(SwappedLengths::new, new Random(8))).isNotEqualTo(story.expected);
    }

    private static final class SignedLengths extends FrameScanner {
        SignedLengths(Rules rules) {
            super(rules);
        }

        @Override
        long length(ByteBuffer chunk, int length7, int extension) {
            var right = super.length(chunk, length7, extension);
            return extension == 2 ? Math.max(0, (short) right) : right;
        }
    }

    private static final class SwappedLengths extends FrameScanner {
        SwappedLengths(Rules rules) {
            super(rules);
        }

        @Override
        long length(ByteBuffer chunk, int length7, int extension) {
            return extension == 2 ? at(chunk, 2) | (at(chunk, 3) << 8) : super.length(chunk, length7, extension);
        }
    }

    /** Random frames of a client, and what must come out: all but the small frames that a coin of their first byte keeps back. */
    private record Story(byte[] bytes, String expected) {
        static Story of(Random random) {
            var bytes = new ByteArrayOutputStream();
            var out = new Recorder();
            var fragments = 0;
            for (var i = 0; i < 300; i++) {
                var control = random.nextInt(4) == 0;
                var payload = new byte[control ? random.nextInt(126) : length(random)];
                random.nextBytes(payload);
                var opcode = control ? 9 + random.nextInt(2) : fragments > 0 ? 0 : 1;
                var last = control || random.nextBoolean();
                fragments = control ? fragments : last ? 0 : fragments + 1;
                var frame = WebSocketBytes.frame(last, opcode, payload, true);
                bytes.writeBytes(frame);
                var small = control || (opcode == 1 && last && payload.length <= 256);
                if (!small) {
                    out.streaming(opcode);
                }
                if (!small || out.small(opcode, payload)) {
                    out.pass(ByteBuffer.wrap(frame));
                }
            }
            return new Story(bytes.toByteArray(), out.summary());
        }

        private static int length(Random random) {
            return switch (random.nextInt(4)) {
                case 0 -> random.nextInt(256);
                case 1 -> 120 + random.nextInt(12);
                case 2 -> 250 + random.nextInt(12);
                default -> 30_000 + random.nextInt(60_000);
            };
        }

        String told(java.util.function.Function<FrameScanner.Rules, FrameScanner> scanner, Random cuts) {
            var out = new Recorder();
            var relay = out.relay(scanner.apply(FrameScanner.Rules.FROM_CLIENT));
            for (var at = 0; at < bytes.length; ) {
                var cut = Math.min(
                        bytes.length - at, cuts.nextInt(3) == 0 ? 1 + cuts.nextInt(8) : 1 + cuts.nextInt(70_000));
                relay.accept(ByteBuffer.wrap(bytes, at, cut).slice());
                at += cut;
            }
            return out.summary();
        }
    }

    private static final class Recorder implements FrameRelay.Outlet {
        private final ByteArrayOutputStream passed = new ByteArrayOutputStream();
        private final List<String> seen = new ArrayList<>();
        private final List<FrameScanner.Violation> violations = new ArrayList<>();

        FrameRelay relay(FrameScanner scanner) {
            return new FrameRelay(scanner, this);
        }

        String summary() {
            return seen + " " + passed.size() + " " + HexFormat.of().formatHex(sha(passed.toByteArray())) + violations;
        }

        @Override
        public void pass(ByteBuffer bytes) {
            var copy = new byte[bytes.remaining()];
            bytes.get(copy);
            passed.writeBytes(copy);
        }

        @Override
        public void streaming(int opcode) {
            seen.add("s" + opcode);
        }

        @Override
        public boolean small(int opcode, byte[] payload) {
            seen.add(opcode + ":" + java.util.Arrays.hashCode(payload));
            return payload.length == 0 || (payload[0] & 3) != 0;
        }

        @Override
        public boolean interrupts() {
            return false;
        }

        @Override
        public void boundary() {
            throw new AssertionError("nothing of ours waits here");
        }

        @Override
        public void broken(FrameScanner.Violation violation) {
            violations.add(violation);
        }

        private static byte[] sha(byte[] bytes) {
            try {
                return java.security.MessageDigest.getInstance("SHA-256").digest(bytes);
            } catch (java.security.NoSuchAlgorithmException impossible) {
                throw new IllegalStateException(impossible);
            }
        }
    }
}
