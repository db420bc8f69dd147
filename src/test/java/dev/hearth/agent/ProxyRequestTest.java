package dev.hearth.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.agent.ProxyRequest.Malformed;
import dev.hearth.agent.ProxyRequest.Plain;
import dev.hearth.agent.ProxyRequest.Target;
import dev.hearth.agent.ProxyRequest.Tunnel;
import dev.hearth.wire.EgressRules.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyRequestTest {
    @Test
    void aTunnelNamesItsHostAndPort() {
        assertThat(of("CONNECT", "example.com:443", Map.of())).isEqualTo(new Tunnel(new Target("example.com", 443)));
        assertThat(of("CONNECT", "[2606:4700::1]:443", Map.of()))
                .isEqualTo(new Tunnel(new Target("2606:4700::1", 443)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "example.com",
                "example.com:0",
                "example.com:65536",
                "user@example.com:443",
                "example.com:443/x",
                "[::1]",
                "[fe80::1%eth0]:443",
                "ex ample:443",
                "example.com:",
                ":443",
                "a:b:443"
            })
    void whatIsNoHostAndPortIsRefused(String target) {
        assertThat(of("CONNECT", target, Map.of())).isInstanceOf(Malformed.class);
    }

    @Test
    void aPlainRequestGoesOnWithoutWhatConcernsThisHopOnly() {
        var request = (Plain) of(
                "POST",
                "http://example.com:8080/a?b",
                Map.of(
                        "host", "other.test",
                        "proxy-connection", "keep-alive",
                        "proxy-authorization", "Basic x",
                        "connection", "keep-alive",
                        "content-length", "3",
                        "cookie", "c=d"));
        assertThat(request.body()).isEqualTo(3);
        assertThat(request.head(false, ""))
                .startsWith("POST /a?b HTTP/1.1\r\nhost: example.com:8080\r\n")
                .contains("cookie: c=d\r\n", "content-length: 3\r\n")
                .endsWith("connection: close\r\n\r\n")
                .doesNotContain("proxy-", "keep-alive", "other.test");
        assertThat(request.head(true, "x: y\r\n"))
                .startsWith("POST http://example.com:8080/a?b HTTP/1.1\r\n")
                .contains("x: y\r\n");
    }

    @Test
    void aUrlWithoutPathOrPortHasTheUsualOnes() {
        var request = (Plain) of("GET", "http://example.com?q", Map.of());
        assertThat(request.head(false, "")).startsWith("GET /?q HTTP/1.1\r\nhost: example.com\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/path",
                "https://example.com/",
                "ftp://example.com/",
                "http://user:secret@example.com/",
                "http:///x",
                "*",
                "http://[::1/",
                "http://example.com\\@other.test/"
            })
    void otherFormsAreRefused(String target) {
        assertThat(of("GET", target, Map.of())).isInstanceOf(Malformed.class);
    }

    @Test
    void aBodyOfUnknownLengthIsRefused() {
        assertThat(of("POST", "http://example.com/", Map.of("transfer-encoding", "chunked")))
                .isEqualTo(new Malformed(411, "a body needs its length"));
        assertThat(of("POST", "http://example.com/", Map.of("content-length", "3, 4")))
                .isInstanceOf(Malformed.class);
    }

    @Test
    void aProxyIsGreetedWithItsCredentials() {
        var greeting = new String(
                ProxyGreeting.connect(new Target("example.com", 443), new Proxy("p", 1, "ann", "se:cret")),
                StandardCharsets.US_ASCII);
        assertThat(greeting)
                .isEqualTo("CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n"
                        + "Proxy-Authorization: Basic YW5uOnNlOmNyZXQ=\r\n\r\n");
        assertThat(ProxyGreeting.authorization(new Proxy("p", 1, null, null))).isEmpty();
    }

    private static ProxyRequest of(String method, String target, Map<String, String> headers) {
        return ProxyRequest.of(new HttpHead(method, target, "HTTP/1.1", headers));
    }
}
