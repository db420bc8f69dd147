package dev.hearth.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hearth.testing.FakeStore;
import dev.hearth.testing.GatewayProfile;
import dev.hearth.testing.RawClient;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.net.SocketException;
import java.net.URI;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that no HTTP library would send. */
@QuarkusTest
@TestProfile(GatewayProfile.class)
class RawHttpTest {
    private static final String KEY = "X-BB-API-Key: key-a\\n";

    @Inject
    FakeStore store;

    @TestHTTPResource("/")
    @SuppressWarnings("NullAway.Init") // by the test framework
    URI base;

    @BeforeEach
    void oneKey() {
        store.ofTeamA();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            GET /v1/projects HTTP/1.1\\n\\n                                                      | 400 | host-invalid
            GET /v1/projects HTTP/1.1\\nHost: localhost\\nHost: localhost\\n\\n                  | 400 | host-invalid
            GET /v1/projects HTTP/1.1\\nHost: evil.example\\n\\n                                 | 421 | host-not-allowed
            GET /v1/projects HTTP/1.1\\nHost: 169.254.169.254\\n\\n                              | 421 | host-not-allowed
            GET /v1/projects HTTP/1.1\\nHost: a@localhost\\n\\n                                  | 400 | host-invalid
            GET /v1/projects HTTP/1.0\\n\\n                                                      | 400 | host-invalid
            GET http://localhost/v1/projects HTTP/1.1\\nHost: localhost\\n\\n                    | 400 | path-invalid
            GET ?token=x HTTP/1.1\\nHost: localhost\\n\\n                                      | 400 | path-invalid
            GET /v1/projects HTTP/1.1\\nHost: localhost\\nOrigin: https://evil.example\\n\\n     | 403 | origin-not-allowed
            GET /v1/projects HTTP/1.1\\nHost: localhost\\nOrigin: null\\n\\n                     | 403 | origin-not-allowed
            GET /v1/projects HTTP/1.1\\nHost: localhost\\nX-BB-API-Key: a\\nX-BB-API-Key: a\\n\\n | 400 | header-duplicate
            GET /v1/projects HTTP/1.1\\nHost: localhost\\nExpect: 100-foo\\n\\n                  | 417 | expectation-failed
            POST /v1/sessions HTTP/1.1\\nHost: localhost\\nContent-Length: 2\\n\\n{}             | 415 | media-type
            POST /v1/sessions HTTP/1.1\\nHost: localhost\\nContent-Type: text/plain\\nContent-Length: 2\\n\\n{} | 415 | media-type
            POST /v1/sessions HTTP/1.1\\nHost: localhost\\nContent-Type: application/x-www-form-urlencoded\\nContent-Length: 2\\n\\n{} | 415 | media-type
            POST /v1/sessions HTTP/1.1\\nHost: localhost\\nContent-Type: application/json; charset=utf-16\\nContent-Length: 2\\n\\n{} | 415 | charset
            POST /v1/sessions HTTP/1.1\\nHost: localhost\\nContent-Type: application/json\\nContent-Encoding: gzip\\nContent-Length: 2\\n\\n{} | 415 | content-encoding
            POST /v1/sessions HTTP/1.1\\nHost: localhost\\nContent-Type: application/json\\nContent-Length: 10000000\\n\\n | 413 | body-too-large
            POST /v1/sessions HTTP/1.1\\nHost: localhost\\nContent-Type: application/json\\nContent-Length: 0\\nX-BB-API-Key: key-a\\n\\n | 400 | body-not-object
            DELETE /v1/projects HTTP/1.1\\nHost: localhost\\n\\n                                 | 405 | method-not-allowed
            TRACE /v1/projects HTTP/1.1\\nHost: localhost\\n\\n                                  | 405 | method-not-allowed
            FOO /v1/projects HTTP/1.1\\nHost: localhost\\n\\n                                    | 405 | method-not-allowed
            """)
    void refuses(String request, int status, String code) throws Exception {
        try (var client = ask(request)) {
            assertThat(client.body()).contains("\"code\":\"" + code + "\"");
            assertThat(client.status()).isEqualTo(status);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/projects;x=1",
                "//v1/projects",
                "/v1//projects",
                "/v1/./projects",
                "/v1/../v1/projects",
                "/v1/%2e%2e/v1/projects",
                "/v1/projects%00",
                "/v1%2fprojects",
                "/v1/projects%3bx",
                "/.v1/projects",
                "/v1/proj%65cts"
            })
    void hasOneSpellingForEachPath(String path) throws Exception {
        try (var client = ask("GET " + path + " HTTP/1.1\\nHost: localhost\\n" + KEY + "\\n")) {
            assertThat(client.body()).contains("path-invalid");
            assertThat(client.status()).isEqualTo(400);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            GET /v1/projects\\n\\n
            GARBAGE\\n\\n
            GET /v1\\projects HTTP/1.1\\nHost: localhost\\n\\n
            GET /v1/projects HTTP/1.1\\nHost: localhost\\nX-Long: LONG\\n\\n
            GET /v1/projects HTTP/1.1\\nHost: localhost\\n Folded: yes\\n bad header\\n\\n
            POST /v1/sessions HTTP/1.1\\nHost: localhost\\nContent-Type: application/json\\nTransfer-Encoding: chunked, identity\\n\\n0\\n\\n
            PRI * HTTP/2.0\\n\\nSM\\n\\n
            """)
    void neverServesWhatIsNoHttp(String request) throws Exception {
        try (var client = new RawClient(base.getPort())) {
            client.send(request.replace("LONG", "x".repeat(9_000)).replace("\\n", "\r\n"));
            var head = client.readHead();
            assertThat(head.isEmpty() ? 400 : client.status()).isBetween(400, 505);
        }
        assertThat(store.sessions).isEmpty();
    }

    @Test
    void givesUpOnABodyThatNeverEnds() throws Exception {
        try (var client = ask("POST /v1/sessions HTTP/1.1\\nHost: localhost\\nContent-Type: application/json\\n" + KEY
                + "Transfer-Encoding: chunked\\n\\n1\\n{\\n")) {
            assertThat(client.body()).contains("body-timeout");
            assertThat(client.status()).isEqualTo(408);
            assertThat(client.atEnd()).isTrue();
        }
    }

    @Test
    void refusesAChunkedBodyThatGrowsTooLarge() throws Exception {
        var chunk = "2000\\n" + "x".repeat(0x2000) + "\\n";
        try (var client = ask("POST /v1/sessions HTTP/1.1\\nHost: localhost\\nContent-Type: application/json\\n" + KEY
                + "Transfer-Encoding: chunked\\n\\n" + chunk.repeat(9))) {
            assertThat(client.status()).isEqualTo(413);
        }
    }

    @RepeatedTest(5)
    void aClientThatSendsBeforeItReadsStillReadsWhyItWasRefused() throws Exception {
        var length = 8 << 20;
        try (var client = new RawClient(base.getPort())) {
            client.send(
                    "POST /v1/sessions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
                            + length + "\r\nX-BB-API-Key: key-a\r\n\r\n");
            client.send(new byte[length]);
            client.readHead();
            assertThat(client.status()).isEqualTo(413);
            assertThat(client.body()).contains("body-too-large");
            assertThat(client.atEnd()).isTrue();
        }
    }

    @Test
    void whoNeverStopsSendingIsCutOff() throws Exception {
        try (var client = new RawClient(base.getPort())) {
            client.send(
                    "POST /v1/sessions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
                            + Long.MAX_VALUE + "\r\n\r\n");
            assertThatThrownBy(() -> client.send(new byte[256 << 20])).isInstanceOf(SocketException.class);
        }
    }

    @Test
    void whoStopsSendingInTheMiddleIsCutOff() throws Exception {
        try (var client = ask("POST /v1/sessions HTTP/1.1\\nHost: localhost\\nContent-Type: application/json\\n" + KEY
                + "Content-Length: 10000000\\n\\n{")) {
            assertThat(client.status()).isEqualTo(413);
            client.body();
            assertThat(client.atEnd()).isTrue();
        }
    }

    @Test
    void keepsOrderOfPipelinedRequests() throws Exception {
        try (var client = new RawClient(base.getPort())) {
            client.send(("GET /v1/projects HTTP/1.1\r\nHost: localhost\r\nX-BB-API-Key: key-a\r\n\r\n"
                            + "GET /v1/projects/x HTTP/1.1\r\nHost: localhost\r\nX-BB-API-Key: key-a\r\n\r\n")
                    .repeat(100));
            for (var i = 0; i < 100; i++) {
                client.readHead();
                assertThat(client.status()).isEqualTo(200);
                client.body();
                client.readHead();
                assertThat(client.status()).isEqualTo(404);
                client.body();
            }
        }
    }

    private RawClient ask(String request) throws Exception {
        var client = new RawClient(base.getPort());
        client.send(request.replace("\\n", "\r\n"));
        client.readHead();
        return client;
    }
}
