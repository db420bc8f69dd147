package dev.hearth.cdp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.cdp.ClientGuard.Verdict;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientGuardTest {
    private final ClientGuard guard = new ClientGuard();

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            {"method":"Browser.close","id":7}                    | {"id":7,"result":{}}
            {"id":7,"method":"Browser.close","params":{}}        | {"id":7,"result":{}}
            { "id" : 7.0 , "method" : "Browser\\u002eclose" }    | {"id":7,"result":{}}
            {"id":7,"method":"Browser.close","sessionId":"S"}    | {"id":7,"result":{},"sessionId":"S"}
            {"params":{"method":"x"},"method":"Browser.close","id":1} | {"id":1,"result":{}}
            {"method":"x","method":"Browser.close","id":2}       | {"id":2,"result":{}}
            """)
    void answersBrowserCloseInChromesPlace(String text, String answer) {
        assertThat(judge(text))
                .isInstanceOfSatisfying(
                        Verdict.BrowserClose.class,
                        close -> assertThat(close.command().answer()).isEqualTo(answer));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"id\":1,\"method\":\"Browser.getVersion\"}",
                "{\"id\":1,\"method\":\"Target.closeTarget\",\"params\":{\"method\":\"Browser.close\"}}",
                "{\"method\":\"Browser.close\"}",
                "{\"id\":\"1\",\"method\":\"Browser.close\"}",
                "[{\"id\":1,\"method\":\"Browser.close\"}]",
                "not json",
                ""
            })
    void passesEverythingElseToChrome(String text) {
        assertThat(judge(text)).isInstanceOf(Verdict.Pass.class);
    }

    @Test
    void countsCommandsByTheirFirstFrames() {
        judge("{}");
        guard.streaming(FrameScanner.TEXT);
        guard.streaming(FrameScanner.CONTINUATION);
        guard.judge(FrameScanner.PING, new byte[0], 0);
        assertThat(guard.commands()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 1001, 1007, 1011, 1014, 3000, 4000, 4999})
    void takesTheseCloseCodes(int code) {
        assertThat(close(code)).isInstanceOf(Verdict.Goodbye.class);
        assertThat(guard.judge(FrameScanner.CLOSE, new byte[0], 0)).isInstanceOf(Verdict.Goodbye.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65535})
    void refusesTheseCloseCodes(int code) {
        assertThat(close(code))
                .isInstanceOfSatisfying(
                        Verdict.Broken.class,
                        broken -> assertThat(broken.violation().code()).isEqualTo(1002));
    }

    @Test
    void refusesACloseReasonThatIsNotUtf8() {
        assertThat(guard.judge(FrameScanner.CLOSE, new byte[] {3, (byte) 0xE8, (byte) 0xC3, 0x28}, 0))
                .isInstanceOf(Verdict.Broken.class);
    }

    @Test
    void keepsAnswersToItsOwnPingsFromChrome() {
        assertThat(guard.judge(FrameScanner.PONG, ClientGuard.PING, 0)).isInstanceOf(Verdict.Drop.class);
        assertThat(guard.judge(FrameScanner.PONG, new byte[] {1}, 0)).isInstanceOf(Verdict.Pass.class);
    }

    @Test
    void cutsAPingFloodButNotASteadyPinger() {
        for (var second = 0; second < 100; second++) {
            for (var i = 0; i < 100; i++) {
                assertThat(guard.judge(FrameScanner.PING, new byte[0], second * 1000L))
                        .isInstanceOf(Verdict.Pass.class);
            }
        }
        var last = (Verdict) new Verdict.Pass();
        for (var i = 0; i < 10_000 && last instanceof Verdict.Pass; i++) {
            last = guard.judge(FrameScanner.PING, new byte[0], 200_000);
        }
        assertThat(last)
                .isInstanceOfSatisfying(
                        Verdict.Broken.class,
                        broken -> assertThat(broken.violation().code()).isEqualTo(1008));
    }

    private Verdict judge(String text) {
        return guard.judge(FrameScanner.TEXT, text.getBytes(StandardCharsets.UTF_8), 0);
    }

    private Verdict close(int code) {
        return guard.judge(
                FrameScanner.CLOSE,
                ByteBuffer.allocate(2).putShort((short) code).array(),
                0);
    }
}
