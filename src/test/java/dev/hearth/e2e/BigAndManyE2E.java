package dev.hearth.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hearth.app.CdpClient;
import dev.hearth.testing.Answers;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Large messages and many connections, through gateway and agent to a real Chrome. */
class BigAndManyE2E {
    private static final int CYCLES = 1000;

    private final RunningHearth hearth = RunningHearth.shared();

    @Test
    @Answers("lightpanda#2716")
    void aPictureOfTwentyMegabytesArrivesWhole() throws Exception {
        try (var client = connect()) {
            var page = client.browser.attachToFirstPage();
            // Noise does not compress: a 2600 × 2600 picture of it is well over 20 MB as PNG.
            evaluate(client.browser, page, """
                    (() => { const c = document.createElement('canvas'); c.width = c.height = 2600;
                      const x = c.getContext('2d'), i = x.createImageData(2600, 2600), d = new Uint32Array(i.data.buffer);
                      for (let n = 0; n < d.length; n++) d[n] = (Math.random() * 0x1000000) | 0xff000000;
                      x.putImageData(i, 0, 0); document.body.style.margin = 0; document.body.append(c); })()""");
            client.browser.call(
                    page,
                    "Emulation.setDeviceMetricsOverride",
                    Map.of("width", 2600, "height", 2600, "deviceScaleFactor", 1, "mobile", false));

            var shot = client.browser.call(page, "Page.captureScreenshot", Map.of("format", "png"));

            var picture = java.util.Base64.getDecoder().decode(shot.path("data").asText());
            assertThat(picture.length).isGreaterThan(15_000_000);
            assertThat(shot.path("data").asText().length()).isGreaterThan(20_000_000);
            // A PNG ends with its IEND chunk: nothing was cut off.
            assertThat(new String(picture, picture.length - 8, 4, java.nio.charset.StandardCharsets.US_ASCII))
                    .isEqualTo("IEND");
        }
    }

    /** By Puppeteer: the JDK's own WebSocket garbles what it sends after 32 MiB of one message. */
    @Test
    @Answers("lightpanda#2716")
    void ninetyMegabytesPassEachWay() {
        var seen = hearth.node("big.mjs");

        assertThat(seen.path("there").asInt()).isEqualTo(90_000_000);
        assertThat(seen.path("back").asInt()).isEqualTo(90_000_000);
        assertThat(seen.path("whole").asBoolean()).isTrue();
    }

    @Test
    void aThousandConnectionsLeaveNothingBehind() throws Exception {
        var session = hearth.claim("{\"keepAlive\":true}");
        var url = URI.create(session.path("connectUrl").asText());
        try {
            cycle(url, 50);
            var socketsBefore = sockets();
            var pagesBefore = pages(url);

            cycle(url, CYCLES);

            Awaitility.await("sockets back to level")
                    .atMost(Duration.ofSeconds(15))
                    .untilAsserted(() -> assertThat(sockets()).isLessThanOrEqualTo(socketsBefore + 5));
            assertThat(pages(url)).isEqualTo(pagesBefore);
        } finally {
            hearth.release(session.path("id").asText());
        }
    }

    private void cycle(URI url, int times) throws IOException {
        for (var n = 0; n < times; n++) {
            try (var browser = CdpClient.connect(hearth.http(), url)) {
                browser.call(null, "Browser.getVersion", Map.of());
            }
        }
    }

    private int pages(URI url) throws IOException {
        try (var browser = CdpClient.connect(hearth.http(), url)) {
            return browser.call(null, "Target.getTargets", Map.of())
                    .path("targetInfos")
                    .size();
        }
    }

    /** Open descriptors of the gateway's process. */
    private long sockets() throws IOException {
        try (var open =
                Files.list(Path.of("/proc", Long.toString(hearth.process().pid()), "fd"))) {
            return open.count();
        }
    }

    private static JsonNode evaluate(CdpClient browser, String page, String expression) throws IOException {
        return browser.call(page, "Runtime.evaluate", Map.of("expression", expression, "returnByValue", true));
    }

    private Client connect() throws IOException {
        var session = hearth.claim("{\"keepAlive\":true}");
        return new Client(
                session.path("id").asText(),
                CdpClient.connect(
                        hearth.http(), URI.create(session.path("connectUrl").asText())));
    }

    private final class Client implements AutoCloseable {
        private final String session;
        private final CdpClient browser;

        Client(String session, CdpClient browser) {
            this.session = session;
            this.browser = browser;
        }

        @Override
        public void close() {
            browser.close();
            hearth.release(session);
        }
    }
}
