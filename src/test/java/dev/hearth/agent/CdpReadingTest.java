package dev.hearth.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the agent reads on its own connection: frames into messages, messages into fields. */
class CdpReadingTest implements MessageReader.Listener {
    private final List<String> heard = new ArrayList<>();
    private final FrameTracker tracker = new FrameTracker(FrameTracker.Direction.FROM_CHROME, new MessageReader(this));

    @Override
    public void message(byte[] bytes, int length) {
        heard.add(length > 100 ? "long " + length : new String(bytes, 0, length, StandardCharsets.UTF_8));
    }

    @Override
    public void ping(byte[] bytes) {
        heard.add("ping " + new String(bytes, StandardCharsets.UTF_8));
    }

    @Override
    public void closed() {
        heard.add("closed");
    }

    @Test
    void putsFragmentsTogetherWithControlFramesBetween() {
        server(0x01, "one ");
        server(0x89, "p");
        server(0x00, "two ");
        server(0x80, "three");
        server(0x81, "");
        server(0x88, "");
        assertThat(heard).containsExactly("ping p", "one two three", "", "closed");
    }

    @Test
    void skipsWhatIsTooLongAndReadsOn() {
        server(0x81, "x".repeat(MessageReader.LONGEST));
        server(0x81, "x".repeat(MessageReader.LONGEST + 1));
        server(0x01, "x".repeat(MessageReader.LONGEST));
        server(0x80, "y");
        server(0x81, "next");
        assertThat(heard).containsExactly("long " + MessageReader.LONGEST, "next");
    }

    @Test
    void flattensMessages() {
        var text =
                "{\"id\":7,\"result\":{\"targetInfos\":[{\"url\":\"a\"},{\"url\":\"b\"}],\"deep\":{\"er\":{\"and\":{\"on\":1}}}}}";
        var message = CdpMessage.parse(text.getBytes(StandardCharsets.UTF_8), text.length())
                .orElseThrow();
        assertThat(message.id()).isEqualTo(7);
        assertThat(message.text("result.targetInfos.1.url")).isEqualTo("b");
        assertThat(message.text("method")).isEmpty();
        assertThat(message.failed()).isFalse();
    }

    @Test
    void tellsFailuresAndNonsense() {
        var failed = "{\"id\":1,\"error\":{\"code\":-32000,\"message\":\"no\"}}";
        assertThat(CdpMessage.parse(failed.getBytes(StandardCharsets.UTF_8), failed.length())
                        .orElseThrow()
                        .failed())
                .isTrue();
        assertThat(CdpMessage.parse("{oops".getBytes(StandardCharsets.UTF_8), 5))
                .isEmpty();
    }

    private void server(int first, String payload) {
        var bytes = payload.getBytes(StandardCharsets.UTF_8);
        var frame = ByteBuffer.allocate(bytes.length + 10).put((byte) first);
        if (bytes.length < 126) {
            frame.put((byte) bytes.length);
        } else {
            frame.put((byte) 127).putLong(bytes.length);
        }
        tracker.scan(frame.put(bytes).flip(), false);
    }
}
