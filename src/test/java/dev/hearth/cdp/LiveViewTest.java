package dev.hearth.cdp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.claim.Session;
import dev.hearth.claim.WantedTerms;
import dev.hearth.gateway.ViewTokens;
import dev.hearth.gateway.ViewTokens.Bound;
import dev.hearth.gateway.ViewTokens.View;
import dev.hearth.testing.Answers;
import dev.hearth.testing.GatewayProfile;
import dev.hearth.testing.RawClient;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(GatewayProfile.class)
@SuppressWarnings("NullAway.Init") // fields are set by the framework and before each test
class LiveViewTest extends OnOneBrowser {
    @Inject
    ViewTokens views;

    private Session session;

    @BeforeEach
    void oneSession() {
        session = claim(WantedTerms.NONE);
    }

    @Test
    void aViewEndsAtItsTime() throws Exception {
        try (var viewer = open(Bound.WHOLE, Instant.now().plusSeconds(5))) {
            assertThat(viewer.status()).isEqualTo(101);
            assertThat(viewer.message().closeCode()).isEqualTo(4004);
        }
    }

    @Test
    void aViewThatOnlyHadToBeginInTimeGoesOn() throws Exception {
        var until = Instant.now().plusSeconds(5);
        try (var viewer = open(Bound.START, until)) {
            assertThat(viewer.status()).isEqualTo(101);
            for (var asked = 0; until.plusSeconds(1).isAfter(Instant.now()); asked++) {
                viewer.sendText("{\"id\":" + asked + ",\"method\":\"DOM.getDocument\"}");
                assertThat(viewer.message().text()).contains("\"id\":" + asked);
            }
        }
    }

    @Test
    @Answers("steel-browser#128")
    void aViewIsOpenedAgainAndAgain() throws Exception {
        for (var visit = 0; visit < 3; visit++) {
            try (var viewer = open(Bound.START, Instant.now().plusSeconds(60))) {
                assertThat(viewer.status()).isEqualTo(101);
                viewer.sendText("{\"id\":1,\"method\":\"Page.startScreencast\"}");
                assertThat(viewer.message().text()).contains("Page.startScreencast");
            }
        }
    }

    @Test
    void noViewBeginsTooLate() throws Exception {
        for (var bound : Bound.values()) {
            try (var viewer = open(bound, Instant.now().minusSeconds(2))) {
                assertThat(viewer.status()).as("%s", bound).isEqualTo(401);
            }
        }
    }

    private RawClient open(Bound bound, Instant until) throws Exception {
        var token = views.seal(session.id(), new View(false, until, bound));
        return RawClient.open(base.getPort(), "/sessions/" + session.id() + "/view/" + token + "/devtools/page/T1");
    }
}
