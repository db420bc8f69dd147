package dev.hearth.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.testing.Answers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** Many clients at once on few browsers. */
class ParallelClaimsE2E {
    private static final int CLIENTS = 50;
    private static final int BROWSERS = 10;

    private final RunningHearth hearth = RunningHearth.shared();
    private final Pools pools = new Pools(hearth);

    @Test
    @Answers({"agent-sandbox#478", "browserless#797", "steel-browser#72", "browserless#117", "cloudflare-docs#32098"})
    void fiftyClaimsOnTenBrowsersGiveTenSessionsAndFortyRefusalsThatSayWhenToTryAgain() throws Exception {
        pools.create("default", "crowd", BROWSERS, BROWSERS);

        var answers = claimAtOnce();

        var granted =
                answers.stream().filter(answer -> answer.statusCode() < 300).toList();
        var refused =
                answers.stream().filter(answer -> answer.statusCode() >= 300).toList();
        assertThat(granted).hasSize(BROWSERS);
        assertThat(refused).hasSize(CLIENTS - BROWSERS).allSatisfy(answer -> {
            assertThat(answer.statusCode()).isIn(429, 503);
            assertThat(answer.headers().firstValueAsLong("Retry-After").orElse(0))
                    .isPositive();
        });
        var ids = granted.stream()
                .map(answer -> RunningHearth.json(answer).path("id").asText())
                .collect(Collectors.toSet());
        assertThat(ids).hasSize(BROWSERS);
        assertThat(claimedPods()).as("browsers under a claim, none shared").hasSize(BROWSERS);
        assertThat(sessionsOfCrowd())
                .as("the history names the same sessions and no other")
                .isEqualTo(ids);

        ids.forEach(hearth::release);
        pools.delete("default", "crowd");
    }

    private List<HttpResponse<String>> claimAtOnce() throws Exception {
        try (var threads = Executors.newFixedThreadPool(CLIENTS)) {
            var calls = IntStream.range(0, CLIENTS)
                    .mapToObj(n -> (Callable<HttpResponse<String>>) () -> hearth.post(
                            "/v1/sessions",
                            "{\"pool\":\"crowd\",\"keepAlive\":true,\"userMetadata\":{\"test\":\"crowd\"}}"))
                    .toList();
            return threads.invokeAll(calls).stream().map(Future::resultNow).toList();
        }
    }

    private java.util.Set<String> sessionsOfCrowd() {
        return StreamSupport.stream(
                        RunningHearth.json(hearth.get("/v1/sessions")).spliterator(), false)
                .filter(session ->
                        session.path("userMetadata").path("test").asText().equals("crowd"))
                .map(session -> session.path("id").asText())
                .collect(Collectors.toSet());
    }

    private List<String> claimedPods() {
        return org.awaitility.Awaitility.await()
                .until(
                        () -> pools.pods("default", "crowd").stream()
                                .filter(pod -> pod.path("metadata")
                                        .path("labels")
                                        .path("hearth.dev/state")
                                        .asText()
                                        .equals("claimed"))
                                .map(pod -> pod.path("metadata").path("uid").asText())
                                .distinct()
                                .toList(),
                        claimed -> claimed.size() >= BROWSERS);
    }
}
