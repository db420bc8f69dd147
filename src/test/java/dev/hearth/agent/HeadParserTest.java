package dev.hearth.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeadParserTest {
    private static final String GOOD =
            "GET /json HTTP/1.1\r\nHost: a\r\nHearth-Grant:  x.y \r\nHEARTH-grant: z\r\n\r\n";

    @Test
    void readsAHeadByteByByteAndLeavesWhatFollows() {
        var parser = new HeadParser();
        var bytes = (GOOD + "rest").getBytes(StandardCharsets.US_ASCII);
        for (var i = 0; i < GOOD.length() - 1; i++) {
            assertThat(parser.feed(ByteBuffer.wrap(bytes, i, 1))).isInstanceOf(HeadParser.Progress.Incomplete.class);
        }
        var last = ByteBuffer.wrap(bytes, GOOD.length() - 1, 5);
        assertThat(parser.feed(last)).isInstanceOfSatisfying(HeadParser.Progress.Complete.class, complete -> {
            assertThat(complete.head().method()).isEqualTo("GET");
            assertThat(complete.head().target()).isEqualTo("/json");
            assertThat(complete.head().header("hearth-grant")).isEqualTo("x.y, z");
            assertThat(complete.head().toString()).doesNotContain("x.y");
        });
        assertThat(last.remaining()).isEqualTo(4);
    }

    @Test
    void readsChromesAnswer() {
        var answer = parse("HTTP/1.1 101 WebSocket Protocol Handshake\r\nUpgrade: WebSocket\r\n\r\n");
        assertThat(answer)
                .isInstanceOfSatisfying(
                        HeadParser.Progress.Complete.class,
                        complete -> assertThat(complete.head().status()).isEqualTo("101"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /\r\n\r\n",
                "GET / HTTP/1.0\r\n\r\n",
                "GET  / HTTP/1.1\r\n\r\n",
                "GET / HTTP/1.1 \r\n\r\n",
                "GET / HTTP/1.1\r\nNoColon\r\n\r\n",
                "GET / HTTP/1.1\r\n: no name\r\n\r\n",
                "GET / HTTP/1.1\r\nSpace before : x\r\n\r\n",
                "GET / HTTP/1.1\r\nA: x\r\n folded\r\n\r\n",
                "GET / HTTP/1.1\r\nA: x\nB: y\r\n\r\n",
                "GET / HTTP/1.1\r\nA: \u0000\r\n\r\n",
                "G\u0001T / HTTP/1.1\r\n\r\n"
            })
    void refusesWhatTwoParsersCouldReadDifferently(String head) {
        assertThat(parse(head))
                .isInstanceOfSatisfying(
                        HeadParser.Progress.Malformed.class,
                        malformed -> assertThat(malformed.status()).isEqualTo(400));
    }

    @Test
    void refusesAHeadAboveTheBound() {
        assertThat(parse("GET / HTTP/1.1\r\nA: " + "x".repeat(HeadParser.LONGEST)))
                .isInstanceOfSatisfying(
                        HeadParser.Progress.Malformed.class,
                        malformed -> assertThat(malformed.status()).isEqualTo(431));
    }

    private static HeadParser.Progress parse(String head) {
        return new HeadParser().feed(ByteBuffer.wrap(head.getBytes(StandardCharsets.ISO_8859_1)));
    }
}
