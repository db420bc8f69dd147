package dev.hearth.cloudflare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.claim.EndReason;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CallsTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            POST   | devtools/browser                    | Acquire[]
            GET    | acquire                             | Acquire[]
            GET    | devtools/browser                    | Launch[]
            GET    | devtools/browser/s-1                | Connect[session=s-1]
            DELETE | devtools/browser/s-1                | Close[session=s-1]
            GET    | devtools/browser/s-1/page/T1        | PageSocket[session=s-1, target=T1]
            GET    | devtools/browser/s-1/json/version   | Version[session=s-1]
            GET    | devtools/browser/s-1/json/version/  | Version[session=s-1]
            GET    | devtools/browser/s-1/json           | Targets[session=s-1]
            GET    | devtools/browser/s-1/json/list      | Targets[session=s-1]
            GET    | devtools/browser/s-1/json/list/T1   | Target[session=s-1, target=T1]
            PUT    | devtools/browser/s-1/json/new       | NewTarget[session=s-1]
            GET    | devtools/browser/s-1/json/activate/T1 | ActivateTarget[session=s-1, target=T1]
            GET    | devtools/browser/s-1/json/close/T1  | CloseTarget[session=s-1, target=T1]
            DELETE | devtools/browser/s-1/json/close/T1  | CloseTarget[session=s-1, target=T1]
            GET    | devtools/browser/s-1/json/protocol  | Protocol[session=s-1]
            POST   | devtools/browser/s-1/live_view      | LiveView[session=s-1]
            GET    | devtools/session                    | Listing[]
            GET    | devtools/session/s-1                | Facts[session=s-1]
            GET    | sessions                            | Active[]
            GET    | history                             | History[]
            GET    | limits                              | Limits[]
            GET    | connectDevtools                     | ChunkedConnect[]
            """)
    void findsEachCallAtTheBindingAndAtRest(String method, String path, String call) {
        for (var base : List.of(
                "/cloudflare/v1/",
                "/cloudflare/client/v4/accounts/me/browser-rendering/",
                "/cloudflare/client/v4/accounts/me/browser-run/")) {
            assertThat(Calls.find(method, base + path, false)).hasValueSatisfying(found -> {
                assertThat(found.call()).hasToString(call);
                assertThat(found.base()).isEqualTo(base);
            });
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /cloudflare/v1/nothing",
        "POST, /cloudflare/v1/sessions",
        "GET, /cloudflare/v2/sessions",
        "GET, /cloudflare/v1/devtools/browser/a/b",
        "GET, /cloudflare/client/v4/accounts/browser-rendering/devtools/session",
        "GET, /cloudflare",
        "GET, /v1/sessions"
    })
    void findsNothingElsewhere(String method, String path) {
        assertThat(Calls.find(method, path, false)).isEmpty();
    }

    @Test
    void itsOwnHostNeedsNoPrefix() {
        assertThat(Calls.find("GET", "/v1/sessions", true))
                .hasValueSatisfying(found -> assertThat(found.base()).isEqualTo("/v1/"));
    }

    @ParameterizedTest
    @CsvSource({
        "RELEASED, 1, NormalClosure",
        "CLIENT_DISCONNECTED, 1, NormalClosure",
        "BROWSER_CLOSED, 1, NormalClosure",
        "IDLE, 2, BrowserIdle",
        "NEVER_CONNECTED, 2, BrowserIdle",
        "BROWSER_CRASHED, 3, ChromiumCrashed",
        "OUT_OF_MEMORY, 3, ChromiumCrashed",
        "POD_LOST, 4, ConnectionError",
        "TIMED_OUT, 5, SessionEvicted",
        "EVICTED, 5, SessionEvicted"
    })
    void endsAreToldInCloudflaresWords(EndReason reason, int number, String text) {
        assertThat(CloseReason.of(reason).number()).isEqualTo(number);
        assertThat(CloseReason.of(reason).text()).isEqualTo(text);
    }
}
