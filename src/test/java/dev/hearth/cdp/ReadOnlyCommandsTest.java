package dev.hearth.cdp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.cdp.ClientGuard.Verdict;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReadOnlyCommandsTest {
    private static final int MOST = (int) FrameScanner.Rules.FROM_VIEWER.maxMessage();

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            {"id":1,"method":"Page.enable"}                            | {"id":1,"method":"Page.enable"}
            { "params":{"depth":2,"a":[1,"x"]}, "method":"DOM.getDocument", "id":2 } | {"id":2,"method":"DOM.getDocument","params":{"depth":2,"a":[1,"x"]}}
            {"id":3,"method":"DOM\\u002eenable","more":{"id":4}}       | {"id":3,"method":"DOM.enable"}
            {"id":5,"method":"Page.navigate","params":{"url":"x"}}     | {"id":5,"method":"ReadOnly.Page.navigate"}
            {"id":6,"method":"Input.dispatchKeyEvent"}                 | {"id":6,"method":"ReadOnly.Input.dispatchKeyEvent"}
            {"id":7,"method":"Browser.close"}                          | {"id":7,"method":"ReadOnly.Browser.close"}
            {"id":8,"method":"page.enable\\",\\"x"}                    | {"id":8,"method":"ReadOnly.page.enable???x"}
            """)
    void passesWhatLooksAndRenamesWhatActs(String text, String instead) {
        assertThat(instead(text)).contains(instead);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "not json",
                "[]",
                "{}",
                "{\"id\":1}",
                "{\"method\":\"Page.enable\"}",
                "{\"id\":\"1\",\"method\":\"Page.enable\"}",
                "{\"id\":1,\"method\":\"Page.enable\"",
                "{\"id\":1,\"method\":\"Page.enable\",\"method\":\"Page.navigate\"}",
                "{\"id\":1,\"method\":\"Page.enable\",\"params\":{\"a\":1,\"a\":2}}",
                "{\"id\":1,\"method\":\"Page.enable\"} {\"id\":2,\"method\":\"Page.navigate\"}",
                "{\"id\":1,\"method\":\"Page.enable\",\"sessionId\":\"S\"}"
            })
    void endsTheViewOverWhatTwoReadersCouldReadDifferently(String text) {
        assertThat(instead(text)).isEmpty();
    }

    /** However a viewer's bytes are cut, nothing of them reaches Chrome as it came. */
    @Test
    void everyTextIsJudgedWhole() {
        assertThat(judged(frame(0x81, "{\"id\":1,\"method\":\"Page.navigate\"}".repeat(1))))
                .containsExactly("Instead");
        for (var pad : new int[] {0, 100, 200, 70_000, MOST - 100}) {
            var text = "{\"id\":1,\"method\":\"DOM.enable\",\"params\":{\"pad\":\"" + "x".repeat(pad) + "\"}}";
            assertThat(judged(frame(0x81, text))).as(pad + " more").containsExactly("Instead");
        }
        assertThat(judged(frame(0x01, "{\"id\":1,"), frame(0x89, ""), frame(0x80, "\"method\":\"Page.navigate\"}")))
                .containsExactly("Pass", "passed", "passed", "Instead");
        assertThat(judged(frame(0x01, ""), frame(0x00, "{\"id\":1,"), frame(0x80, "\"method\":\"DOM.enable\"}")))
                .containsExactly("Instead");
        assertThat(judged(frame(0x01, "{\"id\":1,"), frame(0x80, "\"id\":2,\"method\":\"DOM.enable\"}")))
                .containsExactly("Broken");
        assertThat(judged(frame(0x81, "x".repeat(MOST + 1)))).containsExactly("broken 1009");
        assertThat(judged(frame(0x01, "x".repeat(MOST)), frame(0x80, "x"))).containsExactly("broken 1009");
        assertThat(judged(frame(0x82, "binary"))).containsExactly("broken 1003");
    }

    private static Optional<String> instead(String text) {
        return ReadOnlyCommands.instead(text.getBytes(StandardCharsets.UTF_8))
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8));
    }

    private static List<String> judged(byte[]... frames) {
        var seen = new ArrayList<String>();
        var guard = ClientGuard.readOnly();
        var relay = new FrameRelay(new FrameScanner(FrameScanner.Rules.FROM_VIEWER), new FrameRelay.Outlet() {
            @Override
            public void pass(ByteBuffer bytes) {
                seen.add("passed");
            }

            @Override
            public void streaming(int opcode) {
                seen.add("streamed");
            }

            @Override
            public boolean small(int opcode, byte[] payload) {
                var verdict = guard.judge(opcode, payload, 0);
                seen.add(verdict.getClass().getSimpleName());
                return verdict instanceof Verdict.Pass;
            }

            @Override
            public boolean interrupts() {
                return false;
            }

            @Override
            public void boundary() {}

            @Override
            public void broken(FrameScanner.Violation violation) {
                seen.add("broken " + violation.code());
            }
        });
        for (var frame : frames) {
            for (var one : frame) {
                relay.accept(ByteBuffer.wrap(new byte[] {one}));
            }
        }
        return seen;
    }

    private static byte[] frame(int first, String text) {
        var payload = text.getBytes(StandardCharsets.UTF_8);
        var frame = Frames.masked(first & 0x0F, payload);
        frame[0] = (byte) first;
        return frame;
    }
}
