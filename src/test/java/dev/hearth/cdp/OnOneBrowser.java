package dev.hearth.cdp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hearth.claim.Directory;
import dev.hearth.claim.Session;
import dev.hearth.claim.WantedTerms;
import dev.hearth.gateway.Claims;
import dev.hearth.gateway.GatewayKeys;
import dev.hearth.gateway.LiveConnections;
import dev.hearth.testing.FakeAgent;
import dev.hearth.testing.FakeStore;
import io.quarkus.test.common.http.TestHTTPResource;
import jakarta.inject.Inject;
import java.net.URI;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Each test has a warm browser of team-a, with a fake agent of its own before it, and leaves no connection open. */
@SuppressWarnings("NullAway.Init") // fields are set by the framework and before each test
abstract class OnOneBrowser {
    @Inject
    FakeStore store;

    @Inject
    GatewayKeys keys;

    @Inject
    Claims claims;

    @Inject
    LiveConnections connections;

    @TestHTTPResource("/")
    URI base;

    FakeAgent agent;
    Directory.Project project;

    @BeforeEach
    final void oneWarmBrowser() throws Exception {
        agent = new FakeAgent(keys.publicKeys());
        project = store.ofTeamA();
        store.address = agent.address();
    }

    @AfterEach
    final void nothingStaysOpen() throws Exception {
        agent.close();
        await().untilAsserted(() -> assertThat(connections.open()).isZero());
    }

    final Session claim(WantedTerms terms) {
        var answer = claims.claim(new Claims.Wish(project, null, null, terms, "{}", null));
        assertThat(answer).isInstanceOf(Claims.Answer.Granted.class);
        return ((Claims.Answer.Granted) answer).session();
    }

    final String url(Session session) {
        return url(session, "");
    }

    final String url(Session session, String path) {
        return "/sessions/" + session.id() + path + "?token=" + keys.token(session.id());
    }
}
