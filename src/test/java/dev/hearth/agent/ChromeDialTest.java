package dev.hearth.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.testing.Answers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What Chrome is asked, whatever a client had said. */
class ChromeDialTest {
    private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";

    /** It answers 500 to a Host that is a name, and 403 to an Origin that it was not told of. */
    @Test
    @Answers("puppeteer#2242")
    void chromeIsAskedUnderALoopbackAddressAndWithoutAnOrigin() {
        assertThat(lines(ChromeDial.Request.document(9222, "PUT", "/json/new")))
                .containsExactly("PUT /json/new HTTP/1.1", "Host: 127.0.0.1:9222");
        assertThat(lines(ChromeDial.Request.upgrade(9222, "/devtools/browser/b", KEY)))
                .containsExactly(
                        "GET /devtools/browser/b HTTP/1.1",
                        "Host: 127.0.0.1:9222",
                        "Upgrade: websocket",
                        "Connection: Upgrade",
                        "Sec-WebSocket-Version: 13",
                        "Sec-WebSocket-Key: " + KEY);
    }

    private static List<String> lines(ChromeDial.Request request) {
        var text = new String(request.bytes(), StandardCharsets.US_ASCII);
        assertThat(text).endsWith("\r\n\r\n");
        return text.lines().filter(line -> !line.isEmpty()).toList();
    }
}
