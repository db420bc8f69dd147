package dev.hearth.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hearth.app.CdpClient;
import java.net.URI;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A pool whose pods serve several sessions, one after the other. */
class ResetE2E {
    private static final int USES = 3;

    private final RunningHearth hearth = RunningHearth.shared();
    private final Pools pools = new Pools(hearth);
    private final String pool = "again-" + UUID.randomUUID().toString().substring(0, 8);

    /** However its session ends, and whoever is waiting for it. */
    @Test
    void aFleetThatStaysServesACrowdEachWithAChromeOfItsOwn() throws Exception {
        create(FLEET, 1000);
        var uids = pools.podUids("default", pool);
        try (var threads = Executors.newFixedThreadPool(CLIENTS)) {
            var visits = IntStream.range(0, VISITS)
                    .mapToObj(visit -> (Callable<String>) () -> visitAndEnd(visit))
                    .toList();
            assertThat(threads.invokeAll(visits).stream().map(Future::resultNow))
                    .as("processes of Chrome")
                    .hasSize(VISITS)
                    .doesNotHaveDuplicates();
        }
        pools.awaitWarm("default", pool, FLEET);
        assertThat(pools.podUids("default", pool)).containsExactlyInAnyOrderElementsOf(uids);
        var database = hearth.database();
        try (var connection = DriverManager.getConnection(database.url(), database.user(), database.password());
                var statement = connection.createStatement();
                var rows = statement.executeQuery(HISTORY.formatted(pool))) {
            rows.next();
            assertThat(rows.getInt("sessions")).isEqualTo(VISITS);
            assertThat(rows.getInt("pods")).isEqualTo(FLEET);
            assertThat(rows.getInt("overlaps")).isZero();
        }
        pools.delete("default", pool);
    }

    private static final int FLEET = 3;
    private static final int CLIENTS = 6;
    private static final int VISITS = 30;

    private static final String HISTORY = """
            WITH mine AS (SELECT * FROM hearth.any_session WHERE pool = '%s')
            SELECT (SELECT count(*) FROM mine) AS sessions, (SELECT count(DISTINCT pod_uid) FROM mine) AS pods,
                   (SELECT count(*) FROM mine one JOIN mine other ON one.browser_id = other.browser_id AND one.id < other.id
                     WHERE tstzrange(one.started_at, one.ended_at) && tstzrange(other.started_at, other.ended_at)
                        OR one.epoch = other.epoch) AS overlaps
            """;

    private String visitAndEnd(int number) throws Exception {
        var session = hearth.claim("{\"pool\":\"" + pool + "\"}");
        return switch (number % 3) {
            case 0 -> {
                var chrome = visit(session, Map.of());
                hearth.release(session.path("id").asText());
                yield chrome;
            }
            case 1 -> visit(session, Map.of("Browser.close", Map.of()));
            default -> visit(session, Map.of());
        };
    }

    @Test
    void onePodServesItsSessionsAndNoneFindsWhatAnotherLeft() throws Exception {
        create(1, USES);
        var uid = pools.podUids("default", pool).getFirst();
        var chromes = new HashSet<String>();
        for (var use = 1; use <= USES; use++) {
            var asked = System.nanoTime();
            var session = hearth.claim("{\"pool\":\"" + pool + "\"}");
            System.out.println("use " + use + " claimed after "
                    + Duration.ofNanos(System.nanoTime() - asked).toMillis() + " ms");
            assertThat(pools.podUids("default", pool)).containsExactly(uid);
            chromes.add(visit(session, Map.of()));
            hearth.release(session.path("id").asText());
        }
        assertThat(chromes).as("processes of Chrome").hasSize(USES);

        Awaitility.await("another pod after %d sessions".formatted(USES))
                .atMost(Pools.PATIENCE)
                .until(() -> pools.podUids("default", pool), uids -> uids.size() == 1 && !uids.contains(uid));
        pools.awaitWarm("default", pool, 1);
        pools.delete("default", pool);
    }

    private void create(int browsers, int uses) {
        pools.create("default", pool, browsers, browsers, "reuse: Reset\nreset: {maxUses: %d}".formatted(uses));
    }

    /** @return what tells this Chrome from every other */
    private String visit(JsonNode session, Map<String, Map<String, Object>> last) throws Exception {
        try (var browser = CdpClient.connect(
                hearth.http(), URI.create(session.path("connectUrl").asText()))) {
            assertThat(browser.call(null, "Storage.getCookies", Map.of()).path("cookies"))
                    .isEmpty();
            browser.call(
                    null,
                    "Storage.setCookies",
                    Map.of(
                            "cookies",
                            List.of(Map.of(
                                    "name",
                                    "left",
                                    "value",
                                    "behind",
                                    "domain",
                                    "shop.test",
                                    "expires",
                                    4102444800L))));
            assertThat(browser.call(null, "Storage.getCookies", Map.of()).path("cookies"))
                    .hasSize(1);
            var chrome = browser.call(null, "SystemInfo.getProcessInfo", Map.of())
                    .path("processInfo")
                    .findValuesAsText("id")
                    .getFirst();
            for (var command : last.entrySet()) {
                browser.call(null, command.getKey(), command.getValue());
            }
            return chrome;
        }
    }
}
