package dev.hearth.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.hearth.wire.EgressRules;
import dev.hearth.wire.Grant;
import dev.hearth.wire.PageSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** A real Chromium whose only way out is the agent's process. */
class GuardedIT {
    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path home;

    private HttpServer site;

    @BeforeEach
    void serve() throws IOException {
        site = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 10);
        site.createContext("/", exchange -> {
            var page = "<title>reached</title>".getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "text/html");
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
            exchange.close();
        });
        site.start();
    }

    @AfterEach
    void stop() {
        site.stop(0);
    }

    @Test
    void chromeGoesWhereTheSessionMayAndItsBytesAreTold() {
        try (var pod = Pod.guarded(home)) {
            var rules = new EgressRules(List.of("127.0.0.1"), List.of());
            var client = connect(pod, rules);
            assertThat(client.status()).isEqualTo(101);
            visit(client, "127.0.0.1", "reached");
            visit(client, "127.0.0.2", "allowed-domains");
            visit(client, "localhost", "egress-refused");
            client.sayClose();
            await().untilAsserted(
                            () -> assertThat(pod.ingest.newest().proxyBytes()).isPositive());
        }
    }

    @Test
    void aContextWithAProxyOfItsOwnPutsItsClientOut() {
        try (var pod = Pod.guarded(home)) {
            var client = connect(pod, EgressRules.NONE);
            client.send(CdpMessage.command(9, "Target.createBrowserContext", "{\"proxyServer\":\"direct://\"}", null));
            assertThat(client.receive().closeCode()).isEqualTo(4005);
        }
    }

    @Test
    void aBrowserThatIsNotGuardedTakesNoSessionWithRules() {
        try (var pod = Pod.ready(home)) {
            assertThat(connect(pod, new EgressRules(List.of("127.0.0.1"), List.of()))
                            .status())
                    .isEqualTo(502);
        }
    }

    private static TestSocket connect(Pod pod, EgressRules rules) {
        var headers = new HashMap<>(Pod.header(pod.grant(Grant.Kind.CLIENT, 1, false)));
        headers.put(
                PageSettings.HEADER,
                PageSettings.header(Objects.requireNonNullElse(EgressRules.settings(null, rules), "{}")));
        return TestSocket.open(pod.port).upgrade("/devtools/browser", headers);
    }

    private void visit(TestSocket client, String host, String expected) {
        var session = client.attach();
        var url = "http://" + host + ":" + site.getAddress().getPort() + "/";
        client.call("Page.navigate", "{\"url\":\"" + url + "\"}", session);
        var text = "{\"expression\":\"document.title + (document.body ? document.body.innerText : '')\"}";
        await().untilAsserted(() ->
                assertThat(client.call("Runtime.evaluate", text, session)).contains(expected));
    }
}
