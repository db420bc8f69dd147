package dev.hearth.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Cloudflare's own clients, unchanged. */
class CloudflareClientsE2E {
    private final RunningHearth hearth = RunningHearth.shared();

    @Test
    @Proves(
            client = StockClient.CLOUDFLARE_PUPPETEER,
            calls = {"launch", "connect(sessionId)", "sessions", "history"})
    void puppeteerReusesASessionThatNobodyElseGetsMeanwhile() {
        var seen = hearth.node("cloudflare-puppeteer.mjs", "reuse");

        assertBrowsed(seen);
        assertThat(seen.path("held").path("connectionId").asText()).isNotEmpty();
        assertThat(seen.path("held").path("connectionStartTime").asLong())
                .isGreaterThanOrEqualTo(seen.path("held").path("startTime").asLong());
        assertThat(seen.path("second").asText()).contains("it may still be in use");
        assertThat(seen.path("free").has("connectionId")).isFalse();
        assertThat(seen.path("still").asText()).isEqualTo("clicked");
        assertThat(seen.path("over").path("closeReason").asInt()).isEqualTo(1);
        assertThat(seen.path("over").path("closeReasonText").asText()).isEqualTo("NormalClosure");
        assertThat(seen.path("over").path("connectionId").asText())
                .as("the second connection")
                .isNotEmpty()
                .isNotEqualTo(seen.path("held").path("connectionId").asText());
        assertThat(seen.path("stillListed").asBoolean()).isFalse();
    }

    @Test
    @Proves(
            client = StockClient.CLOUDFLARE_PUPPETEER,
            calls = {"launch({keep_alive})"})
    void aSessionThatIsLeftLivesUntilItWasIdleForItsKeepAlive() {
        var seen = hearth.node("cloudflare-puppeteer.mjs", "idle");

        assertThat(seen.path("over").path("closeReason").asInt()).isEqualTo(2);
        assertThat(seen.path("over").path("closeReasonText").asText()).isEqualTo("BrowserIdle");
        // Its last command came after that; who asks for no keep_alive would get 60 s.
        assertThat(seen.path("over").path("endTime").asLong()
                        - seen.path("left").asLong())
                .isBetween(10_000L, 30_000L);
        assertThat(seen.path("late").asText()).contains("Unable to connect to existing session");
    }

    @Test
    @Proves(
            client = StockClient.CLOUDFLARE_PUPPETEER,
            calls = {"limits"})
    void puppeteersLimitsCountTheSessionsThatThereAre() {
        var seen = hearth.node("cloudflare-puppeteer.mjs", "limits");

        assertThat(ids(seen.path("before"))).doesNotContain(seen.path("id").asText());
        assertThat(ids(seen.path("during"))).contains(seen.path("id").asText());
        assertThat(seen.path("during").path("allowedBrowserAcquisitions").asInt())
                .isEqualTo(1);
        assertThat(seen.path("during")
                        .path("timeUntilNextAllowedBrowserAcquisition")
                        .asLong())
                .isZero();
    }

    @Test
    void puppeteerIsToldItsProjectsQuota() {
        var key = "a-key-of-the-quota-team";
        hearth.apply("""
                apiVersion: v1
                kind: Namespace
                metadata: {name: quota-team}
                ---
                apiVersion: v1
                kind: Secret
                metadata: {name: key, namespace: quota-team, labels: {hearth.dev/api-key: "true"}}
                stringData: {key: %s}
                ---
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: hearth-project, namespace: quota-team}
                data: {concurrency: "1"}
                """.formatted(key));
        var pools = new Pools(hearth);
        pools.create("quota-team", "web", 2, 3);
        var seen = hearth.node("cloudflare-puppeteer.mjs", "quota", key);
        pools.delete("quota-team", "web");

        assertThat(seen.path("before").path("maxConcurrentSessions").asInt()).isEqualTo(1);
        assertThat(seen.path("before").path("allowedBrowserAcquisitions").asInt())
                .isEqualTo(1);
        assertThat(ids(seen.path("full"))).hasSize(1);
        assertThat(seen.path("full").path("allowedBrowserAcquisitions").asInt()).isZero();
        assertThat(seen.path("full")
                        .path("timeUntilNextAllowedBrowserAcquisition")
                        .asLong())
                .isPositive();
        assertThat(seen.path("refused").asText())
                .contains("code: 429", "1 of 1 live sessions of the project are in use");
        assertThat(ids(seen.path("after"))).isEmpty();
    }

    @Test
    void puppeteerShowsWhyItWasRefused() {
        var pools = new Pools(hearth);
        pools.create("default", "empty", 0, 1);
        var seen = hearth.node("cloudflare-puppeteer.mjs", "refusals");
        pools.delete("default", "empty");

        assertThat(seen.path("short").asText()).contains("code: 422", "10000…1200000 milliseconds");
        assertThat(seen.path("long").asText()).contains("code: 422", "10000…1200000 milliseconds");
        assertThat(seen.path("guarded").asText()).contains("code: 422", "Guardrails cannot be enforced");
        assertThat(seen.path("unknown").asText()).contains("Unable to connect to existing session");
        assertThat(seen.path("empty").asText()).contains("code: 503", "No warm browser is left", "pool-exhausted");
        assertThat(seen.path("key").asText()).contains("code: 401", "not valid here");
    }

    @Test
    @Proves(
            client = StockClient.CLOUDFLARE_PLAYWRIGHT,
            calls = {"acquire", "connect", "launch", "sessions", "history", "limits"})
    void playwrightReusesASessionThatNobodyElseGetsMeanwhile() {
        var seen = hearth.node("cloudflare-playwright.mjs");

        assertBrowsed(seen);
        assertThat(seen.path("held").path("connectionId").asText()).isNotEmpty();
        assertThat(seen.path("second").asText()).contains("code: 409", "Another client holds this session since");
        assertThat(seen.path("free").has("connectionId")).isFalse();
        assertThat(seen.path("version").asText()).isNotEmpty();
        assertThat(seen.path("over").path("closeReasonText").asText()).isEqualTo("NormalClosure");
        assertThat(seen.path("refused").asText()).contains("code: 422", "10000…1200000 milliseconds");
        assertThat(seen.path("most").asInt()).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    @Proves(
            client = StockClient.CLOUDFLARE_REST,
            calls = {
                "devtools.browser.create",
                "devtools.browser.version",
                "devtools.browser.protocol",
                "devtools.browser.targets.create",
                "devtools.browser.targets.list",
                "devtools.browser.targets.get",
                "devtools.browser.targets.activate",
                "devtools.browser.targets.close",
                "devtools.browser.liveView.create",
                "devtools.browser.delete",
                "devtools.session.list",
                "devtools.session.get"
            })
    void theSdksOwnRestClientWorksTheBrowserAndItsTargets() {
        var seen = hearth.node("cloudflare-rest.mjs");

        assertThat(seen.path("made").path("targets")).isNotEmpty();
        assertThat(seen.path("browser").asText()).isEqualTo(seen.path("product").asText());
        assertThat(seen.path("where").asText()).isEqualTo("?a=1&b=c%20d");
        assertThat(seen.path("pages").asInt()).isEqualTo(2);
        assertThat(seen.path("domains").asInt()).isGreaterThan(30);
        assertThat(seen.path("activated").path("message").asText()).isEqualTo("Target activated");
        assertThat(seen.path("closed").path("message").asText()).isEqualTo("Target is closing");
        assertViewed(seen.path("view"), seen.path("opened").asText());
        assertThat(seen.path("listed").asInt()).isEqualTo(1);
        assertThat(seen.path("deleted").path("status").asText()).isEqualTo("closed");
        assertThat(seen.path("over").path("closeReasonText").asText()).isEqualTo("NormalClosure");
        assertThat(seen.path("unknown").isNull()).isTrue();
        assertThat(seen.path("refusal").path("status").asInt()).isEqualTo(422);
        assertThat(seen.path("refusal")
                        .path("errors")
                        .path(0)
                        .path("hearth")
                        .path("code")
                        .asText())
                .isEqualTo("field-range");
    }

    @Test
    @Proves(
            client = StockClient.WORKERD,
            calls = {"launch", "connect", "sessions"})
    void theReuseSessionsWorkerRunsAsItStandsUnderWorkerd() {
        var visits = hearth.node("cloudflare-worker.mjs", "reuse-sessions").path("visits");

        assertThat(visits)
                .hasSize(5)
                .allSatisfy(visit -> assertThat(visit.asText()).contains("local page"));
        assertThat(visits.get(0).asText()).startsWith("Launched ");
        assertThat(foundAgain(visits, "Launched ", "Connected to ")).isNotEmpty();
    }

    @Test
    @Proves(
            client = StockClient.WORKERD,
            calls = {"@cloudflare/playwright: acquire, connect, sessions"})
    void playwrightWorksInAWorkerToo() {
        var visits = hearth.node("cloudflare-worker.mjs", "playwright").path("visits");

        assertThat(visits)
                .hasSize(5)
                .allSatisfy(visit -> assertThat(visit.asText()).endsWith(" local page, clicked"));
        assertThat(visits.get(0).asText()).startsWith("Acquired ");
        assertThat(foundAgain(visits, "Acquired ", "Found ")).isNotEmpty();
    }

    /**
     * The sessions that one visit left and a later one found. Not always the first visit's: who comes before its hang-up
     * has arrived finds it taken and makes another, and then either may be found.
     */
    private static Set<String> foundAgain(JsonNode visits, String made, String found) {
        var left = new HashSet<String>();
        var again = new HashSet<String>();
        for (var visit : visits) {
            var words = visit.asText();
            if (words.startsWith(made)) {
                left.add(session(words, made));
            } else {
                assertThat(left).as("%s", visits).contains(session(words, found));
                again.add(session(words, found));
            }
        }
        return again;
    }

    private static String session(String visit, String before) {
        return visit.substring(before.length(), before.length() + 36);
    }

    @Test
    void noBrowserIsHeldByTwoOfTwentyWorkers() {
        var pools = new Pools(hearth);
        pools.create("default", "workers", 8, 8);
        var seen = hearth.node("cloudflare-race.mjs", "workers");
        pools.delete("default", "workers");

        assertThat(seen.path("served").asInt()).as("%s", seen).isEqualTo(200);
        assertThat(seen.path("overlaps").asInt()).as("%s", seen).isZero();
        assertThat(recordedOverlaps("0 ms")).as("by Hearth's own record").isEqualTo("0 of 200");
        assertThat(recordedOverlaps("1 h")).as("what would show them").doesNotStartWith("0 ");
        assertThat(seen.path("sessions").asInt()).as("%s", seen).isBetween(1, 8);
        assertThat(seen.path("recorded")).as("%s", seen).isEqualTo(seen.path("sessions"));
        assertThat(seen.path("connections").asInt()).as("%s", seen).isEqualTo(200);
        assertThat(seen.path("conflicts").asInt())
                .as("races were lost: %s", seen)
                .isPositive();
        assertThat(seen.path("fallbacks")).as("who lost one launched: %s", seen).isEqualTo(seen.path("conflicts"));
    }

    /**
     * Connections of the pool that began while the one before on the same browser went on.
     *
     * @param longer how much longer each is taken to have been
     */
    private String recordedOverlaps(String longer) {
        return hearth.database().strings("""
                SELECT count(*) FILTER (WHERE before + interval '%s' > started_at) || ' of ' || count(*)
                  FROM (SELECT c.started_at,
                               lag(coalesce(c.ended_at, 'infinity')) OVER (PARTITION BY s.browser_id ORDER BY c.started_at) AS before
                          FROM hearth.session_connection c JOIN hearth.any_session s ON s.id = c.session_id
                         WHERE s.pool = 'workers') held
                """.formatted(longer)).getFirst();
    }

    private static java.util.List<String> ids(JsonNode limits) {
        return limits.path("activeSessions").findValuesAsText("id");
    }

    private static void assertViewed(JsonNode view, String target) {
        assertThat(view.path("id").asText()).isEqualTo(target);
        assertThat(view.path("options")).hasToString("""
                [{"mode":"devtools"},{"mode":"devtools","guardrails":{"mode":"readonly"}}]""");
        assertThat(view.path("ignored").asText()).isEqualTo("mode");
        assertThat(view.path("front").asInt()).isEqualTo(200);
        assertThat(view.path("listed").asInt()).isEqualTo(200);
        assertThat(view.path("acted").asInt()).isEqualTo(42);
        assertThat(view.path("refused").asText()).contains("ReadOnly.Runtime.evaluate");
        assertThat(view.path("seen").asText()).isEqualTo("#document");
        assertThat(view.path("nothing").asInt()).isEqualTo(404);
        assertThat(view.path("long").asInt()).isEqualTo(422);
    }

    private static void assertBrowsed(JsonNode seen) {
        assertThat(seen.path("title").asText()).isEqualTo("local page");
        assertThat(seen.path("text").asText()).isEqualTo("clicked");
        assertThat(seen.path("png").asBoolean()).isTrue();
    }
}
