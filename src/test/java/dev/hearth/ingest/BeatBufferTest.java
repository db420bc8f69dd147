package dev.hearth.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.claim.HeartbeatStore.Health;
import dev.hearth.claim.HeartbeatStore.Report;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class BeatBufferTest {
    private final BeatBuffer buffer = new BeatBuffer();

    @Test
    void writesTheSameOldNewsAfterASecond() {
        known(1);
        buffer.offer(beat(1, 2, Health.READY, 0), 100);
        assertThat(buffer.take(1_099)).isEmpty();
        assertThat(buffer.due()).isEqualTo(1_100);
        assertThat(buffer.take(1_100)).hasSize(1);
        assertThat(buffer.due()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void writesRealNewsWithinFiftyMilliseconds() {
        known(1);
        for (var news :
                List.of(beat(1, 2, Health.FROZEN, 0), beat(1, 3, Health.FROZEN, 1), beat(1, 4, Health.GONE, 1))) {
            buffer.offer(news, 1_000);
            assertThat(buffer.take(1_049)).isEmpty();
            assertThat(buffer.take(1_050)).containsExactly(news);
        }
    }

    @Test
    void aBrowserNeverHeardBeforeIsNews() {
        buffer.offer(beat(1, 1, Health.READY, 0), 0);
        assertThat(buffer.take(50)).hasSize(1);
    }

    @Test
    void newsTakesOldNewsAlong() {
        known(1);
        buffer.offer(beat(1, 2, Health.READY, 0), 0);
        buffer.offer(beat(2, 1, Health.READY, 0), 10);
        assertThat(buffer.take(60)).hasSize(2);
    }

    @Test
    void aFullBatchGoesAtOnceAndInTheOrderOfIds() {
        for (var i = 0; i < 250; i++) {
            buffer.offer(beat(i, 1, Health.READY, 0), 0);
        }
        assertThat(buffer.due()).isEqualTo(Long.MIN_VALUE);
        var first = buffer.take(0);
        assertThat(first)
                .hasSize(BeatBuffer.BATCH)
                .isSortedAccordingTo((a, b) -> a.browser().compareTo(b.browser()));
        assertThat(buffer.take(0)).hasSize(100);
        assertThat(buffer.take(0)).isEmpty();
        assertThat(buffer.take(50)).hasSize(50);
    }

    @Test
    void keepsTheNewestOfABrowserOnly() {
        buffer.offer(beat(1, 1, Health.READY, 0), 0);
        buffer.offer(beat(1, 3, Health.READY, 2), 1);
        buffer.offer(beat(1, 2, Health.GONE, 1), 2);
        assertThat(buffer.take(50)).containsExactly(beat(1, 3, Health.READY, 2));
    }

    @Test
    void aNewPodBeginsItsSequenceAgain() {
        buffer.offer(beat(1, 9, Health.READY, 0), 0);
        var reborn = new Report(id(1), "pod-2", 1, Health.READY, Optional.empty(), 1, 0, false, false, 0, 0);
        buffer.offer(reborn, 0);
        assertThat(buffer.take(50)).containsExactly(reborn);
    }

    @Test
    void whatCouldNotBeWrittenCountsAgainUnlessSomethingNewerCame() {
        buffer.offer(beat(1, 1, Health.READY, 0), 0);
        buffer.offer(beat(2, 1, Health.READY, 0), 0);
        var failed = buffer.take(50);
        buffer.offer(beat(1, 2, Health.GONE, 0), 60);
        buffer.giveBack(failed, 100);
        assertThat(buffer.take(1_099))
                .as("a store that is away is not asked at once")
                .isEmpty();
        assertThat(buffer.take(1_100))
                .containsExactlyInAnyOrder(beat(1, 2, Health.GONE, 0), beat(2, 1, Health.READY, 0));
    }

    @Test
    void aStoreThatIsAwayCostsOneBeatPerBrowser() {
        for (var round = 0; round < 100; round++) {
            for (var browser = 0; browser < 50; browser++) {
                buffer.offer(beat(browser, round, Health.READY, 0), round * 5_000L);
            }
            buffer.giveBack(buffer.take(round * 5_000L + 1_000), round * 5_000L + 1_000);
        }
        assertThat(buffer.size()).isEqualTo(50);
    }

    @Test
    void theLastWordOfABrowserThatHungUpIsStillWritten() {
        buffer.offer(beat(1, 1, Health.GONE, 0), 0);
        buffer.forget(id(1));
        assertThat(buffer.take(50)).hasSize(1);
    }

    @Test
    void cutsLinesHoweverTheyArriveAndRefusesEndlessOnes() {
        var lines = new Lines();
        var seen = new ArrayList<String>();
        for (var part : List.of("on", "e\ntwo\nth", "", "ree\n", "\n")) {
            assertThat(lines.accept(
                            part.getBytes(StandardCharsets.UTF_8),
                            line -> seen.add(new String(line, StandardCharsets.UTF_8))))
                    .isTrue();
        }
        assertThat(seen).containsExactly("one", "two", "three", "");
        assertThat(lines.accept(new byte[4_000], line -> seen.add("never"))).isTrue();
        assertThat(lines.accept(new byte[96], line -> seen.add("never"))).isFalse();
    }

    private void known(int browser) {
        buffer.offer(beat(browser, 1, Health.READY, 0), -1_000);
        assertThat(buffer.take(0)).hasSize(1);
    }

    private static Report beat(int browser, long sequence, Health health, int connections) {
        return new Report(id(browser), "pod", sequence, health, Optional.empty(), 1, connections, false, false, 0, 0);
    }

    private static UUID id(int browser) {
        return new UUID(browser * 7_919L, 5);
    }
}
