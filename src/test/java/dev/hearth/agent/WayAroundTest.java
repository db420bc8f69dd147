package dev.hearth.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WayAroundTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"id\":1,\"method\":\"Target.createBrowserContext\",\"params\":{\"proxyServer\":\"direct://\"}}",
                "{\"params\":{\"proxyBypassList\" : \"*\"},\"method\":\"Target.createBrowserContext\"}",
                "{\"params\":{\"proxy\\u0053erver\":\"x\"}}",
                "{\"method\":\"Target.exposeDevToolsProtocol\",\"params\":{}}",
                "{\"method\" : \"Target.send\\u004dessageToTarget\" }",
                "{\"a\":\"\\\\\",\"proxyServer\":1}"
            })
    void isFound(String message) {
        assertThat(leadsAround(message)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"method\":\"Target.createBrowserContext\",\"params\":{\"disposeOnDetach\":true}}",
                "{\"method\":\"Runtime.evaluate\",\"params\":{\"expression\":\"x={\\\"proxyServer\\\":1}\"}}",
                "{\"method\":\"Runtime.evaluate\",\"params\":{\"expression\":\"proxyServer\"}}",
                "{\"method\":\"Runtime.evaluate\",\"params\":{\"expression\":\"Target.exposeDevToolsProtocol\"}}",
                "{\"params\":{\"proxyServers\":1}}"
            })
    void whatOnlySpeaksOfItIsNot(String message) {
        assertThat(leadsAround(message)).isFalse();
    }

    @Test
    void isFoundInMaskedFragmentsWithAPingBetweenThem() {
        var frames = new GuardedFrames((opcode, last, length) -> {});
        feed(frames, fragment(1, false, "{\"params\":{\"proxy"));
        feed(frames, ClientFrame.masked(FrameTracker.PING, "\"".getBytes(StandardCharsets.UTF_8), 7));
        assertThat(frames.leadAround()).isFalse();
        feed(frames, fragment(0, true, "Server\":\"direct://\"}}"));
        assertThat(frames.leadAround()).isTrue();
    }

    private static byte[] fragment(int opcode, boolean last, String text) {
        var frame = ClientFrame.masked(opcode, text.getBytes(StandardCharsets.UTF_8), 0x1234_5678);
        frame[0] = (byte) ((last ? 0x80 : 0) | opcode);
        return frame;
    }

    /** Byte by byte, as a network may cut it. */
    private static void feed(GuardedFrames frames, byte[] bytes) {
        for (var one : bytes) {
            frames.tracker().scan(ByteBuffer.wrap(new byte[] {one}), false);
        }
    }

    private static boolean leadsAround(String message) {
        var frames = new GuardedFrames((opcode, last, length) -> {});
        feed(frames, fragment(1, true, message));
        return frames.leadAround();
    }
}
