package dev.hearth.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageCodecTest {
    private static final UUID BROWSER = new UUID(1, 2);
    private static final UUID SESSION = new UUID(3, 4);

    @Test
    void everyMessageSurvivesTheWire() {
        var beat = new Beat(BROWSER, "pod", 9, Beat.Chrome.READY, SESSION, 3, 2, true, false, 77, 1234);
        var warm = new Beat(BROWSER, "pod", 1, Beat.Chrome.STARTING, null, 0, 0, false, false, 0, 0);
        var reply = new BeatReply(BROWSER, 9, 3, SESSION, 60_000, 3_000, 2_000, false);
        for (var message : List.of(
                new Message.Hello(BROWSER, "pod", "token \" with quote"),
                new Message.Welcome(new BeatReply(BROWSER, 0, 0, null, -1, 0, 0, false)),
                new Message.Refused(BROWSER, "no such browser"),
                new Message.Beating(beat),
                new Message.Beating(warm),
                new Message.Reply(reply))) {
            var line = MessageCodec.encode(message);
            assertThat(line).endsWith((byte) '\n').hasSizeLessThan(Message.LONGEST);
            assertThat(MessageCodec.decode(line, 0, line.length - 1)).isEqualTo(message);
        }
    }

    @Test
    void aTokenIsNeverShown() {
        assertThat(new Message.Hello(BROWSER, "pod", "hush").toString()).doesNotContain("hush");
    }

    @Test
    void unknownFieldsAreSkipped() {
        var line = "{\"t\":\"refused\",\"new\":true,\"browser\":\"" + BROWSER + "\",\"reason\":\"r\"}";
        assertThat(decode(line)).isEqualTo(new Message.Refused(BROWSER, "r"));
    }

    @Test
    void aReplyThatSaysNothingOfIdlenessAllowsItForEver() {
        var line = "{\"t\":\"reply\",\"browser\":\"" + BROWSER
                + "\",\"seq\":9,\"epoch\":3,\"remaining\":5,\"ended\":false}";
        assertThat(decode(line)).isEqualTo(new Message.Reply(new BeatReply(BROWSER, 9, 3, null, 5, 0, 0, false)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{",
                "{}",
                "{\"t\":\"dance\"}",
                "{\"t\":\"hello\"}",
                "{\"t\":\"hello\",\"browser\":\"x\",\"pod\":\"p\",\"token\":\"secret\"}",
                "{\"t\":\"reply\",\"browser\":\"00000000-0000-0001-0000-000000000002\",\"seq\":\"secret\"}",
                "{\"t\":\"hello\",\"browser\":\"00000000-0000-0001-0000-000000000002\",\"pod\":\"a\\u0000b\",\"token\":\"secret\"}",
                "{\"t\":{\"nested\":1}}"
            })
    void nonsenseIsRefusedWithoutAnEcho(String line) {
        assertThatThrownBy(() -> decode(line))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("secret");
    }

    @Test
    void moreConnectionsThanThereCanBeAreRefusedAsNonsense() {
        var beat = new Beat(BROWSER, "pod", 9, Beat.Chrome.READY, null, 3, 77_777, true, false, 77, 1234);
        var line = new String(MessageCodec.encode(new Message.Beating(beat)), StandardCharsets.UTF_8).strip();
        assertThatThrownBy(() -> decode(line.replace("77777", "1000000000000")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static Message decode(String line) {
        var bytes = line.getBytes(StandardCharsets.UTF_8);
        return MessageCodec.decode(bytes, 0, bytes.length);
    }
}
