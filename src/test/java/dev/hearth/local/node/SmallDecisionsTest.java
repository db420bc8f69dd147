package dev.hearth.local.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The small pure pieces: probe thresholds, back-off, two orders to end, images, log requests. */
class SmallDecisionsTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void readinessChangesOnlyAtAThreshold() {
        var plan = new ProbePlan(
                new ProbePlan.Check.Tcp(1), Duration.ZERO, Duration.ofSeconds(1), Duration.ofSeconds(1), 2, 3);
        var state = ProbeState.UNKNOWN;
        var seen = new StringBuilder();
        for (char result : "+-++--+---".toCharArray()) {
            state = state.after(result == '+', plan);
            seen.append(state.ready() ? 'R' : '.');
        }
        assertThat(seen).hasToString("...RRRRRR.");
    }

    @Test
    void backOffDoublesFromTenSecondsToFiveMinutes() {
        assertThat(IntStream.of(0, 1, 2, 3, 5, 6, 1000)
                        .mapToLong(restarts -> BackOff.beforeRestart(restarts).toSeconds()))
                .containsExactly(0L, 10L, 20L, 40L, 160L, 300L, 300L);
    }

    @Test
    void ofTwoOrdersTheSoonerEndAndTheStrongerCauseWin() {
        var deleted = End.of(End.Cause.DELETED, NOW, Duration.ofSeconds(30));
        var evicted = End.of(End.Cause.EVICTED, NOW, Duration.ofSeconds(1));

        assertThat(deleted.and(evicted)).isEqualTo(evicted.and(deleted));
        assertThat(deleted.and(evicted).cause()).isEqualTo(End.Cause.DELETED);
        assertThat(deleted.and(evicted).stop().grace()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void imagesMatchByPatternAndSayWhatIsAllowed() {
        var images = TestCluster.IMAGES;

        assertThat(images.resolve("hearth.test/tools:v2", List.of("/bin/sleep")))
                .isEqualTo(new LocalImages.Resolution.Found(LocalImages.Program.of(List.of("/bin/sleep"))));
        assertThat(images.resolve("hearth.test/tools:v2", List.of("rm")))
                .isInstanceOfSatisfying(
                        LocalImages.Resolution.NoProgram.class,
                        refusal -> assertThat(refusal.message()).contains("\"rm\"", "[python3, sh, sleep]"));
        assertThat(images.resolve("evil/hearth.test/tools:1", List.of()))
                .isInstanceOf(LocalImages.Resolution.NoImage.class);
        assertThat(images.resolve("hearthXtest/tools:1", List.of())).isInstanceOf(LocalImages.Resolution.NoImage.class);
    }

    @Test
    void aShellRunsTheScriptsThatAnImageKnowsAndNoOther() {
        var chromium = LocalImages.Program.chromium(Path.of("/usr/bin/chromium"));
        var images = new LocalImages(List.of(new LocalImages.Image(
                "browser",
                "chromium",
                Map.of("chromium", chromium),
                List.of(new LocalImages.Keeper("keep \"$@\"", 4)))));
        var kept = List.of("/bin/sh", "-c", "keep \"$@\"", "name", "/usr/bin/chromium", "--headless");

        assertThat(images.resolve("browser", kept))
                .isEqualTo(new LocalImages.Resolution.Found(chromium, kept.subList(0, 4)));
        assertThat(images.resolve("browser", List.of("/bin/sh", "-c", "rm -rf /", "name", "/usr/bin/chromium")))
                .isInstanceOf(LocalImages.Resolution.NoProgram.class);
        assertThat(images.resolve("browser", kept.subList(0, 4)))
                .as("a script without a program")
                .isInstanceOf(LocalImages.Resolution.NoProgram.class);
        assertThat(images.resolve("browser", List.of("/bin/sh", "-c", "keep \"$@\"", "name", "/bin/rm")))
                .isInstanceOf(LocalImages.Resolution.NoProgram.class);
    }

    @Test
    void logRequestsAreCheckedClosed() {
        assertThat(LogRequest.parse("/containerLogs/ns/pod/c", "follow=true&tailLines=5&timestamps=false"))
                .isInstanceOfSatisfying(
                        LogRequest.Parsed.Valid.class,
                        valid -> assertThat(valid.request().tailLines()).hasValue(5));
        for (var query : List.of("tailLines=x", "sinceSeconds=5", "previous=true")) {
            assertThat(LogRequest.parse("/containerLogs/ns/pod/c", query))
                    .as(query)
                    .isInstanceOf(LogRequest.Parsed.Refused.class);
        }
        assertThat(LogRequest.parse("/containerLogs/ns/../pod/c", "")).isInstanceOf(LogRequest.Parsed.Refused.class);
        assertThat(LogRequest.parse("/exec/ns/pod/c", "")).isInstanceOf(LogRequest.Parsed.Refused.class);
    }

    @Test
    void aTailStartsAfterTheLineBeforeIt() {
        var text = "a\nb\nc\n".getBytes(StandardCharsets.UTF_8);

        assertThat(IntStream.of(0, 1, 2, 3, 9).map(lines -> LogStream.startOfTail(text, lines)))
                .containsExactly(6, 4, 2, 0, 0);
    }
}
