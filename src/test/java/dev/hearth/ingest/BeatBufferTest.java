package dev.hearth.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.claim.HeartbeatStore.Fence;
import dev.hearth.claim.HeartbeatStore.Health;
import dev.hearth.claim.HeartbeatStore.Report;
import dev.hearth.ingest.BeatBuffer.Fate;
import dev.hearth.testing.Answers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class BeatBufferTest {
    private static final int LARGEST = 120;

    private final BeatBuffer buffer = new BeatBuffer(1_000, LARGEST, new Vouched(false));

    @Test
    void writesTheSameOldNewsAfterASecond() {
        known(1);
        buffer.offer(beat(1, 2, Health.READY, 0), 100);
        assertThat(taken(1_099)).isEmpty();
        assertThat(buffer.due()).isEqualTo(1_100);
        assertThat(taken(1_100)).hasSize(1);
        assertThat(buffer.due()).isEqualTo(Long.MAX_VALUE);
    }

    private static Fence fence(long idleMillis) {
        return new Fence(id(1), 1, 0, Optional.empty(), -1, idleMillis, 0, false, false);
    }

    @Test
    void writesRealNewsWithinFiftyMilliseconds() {
        known(1);
        for (var news :
                List.of(beat(1, 2, Health.FROZEN, 0), beat(1, 3, Health.FROZEN, 1), beat(1, 4, Health.GONE, 1))) {
            buffer.offer(news, 1_000);
            assertThat(taken(1_049)).isEmpty();
            assertThat(taken(1_050)).containsExactly(news);
        }
    }

    @Test
    @Answers("docker-selenium#2129")
    void thatASessionHasIdledForLongEnoughIsNewsOnce() {
        known(1);
        buffer.written(fence(3_000), 0);
        buffer.offer(idle(1, 2, 2_999), 0);
        assertThat(taken(50)).isEmpty();
        assertThat(taken(1_000)).hasSize(1);
        buffer.offer(idle(1, 3, 3_000), 2_000);
        assertThat(taken(2_050)).hasSize(1);
        buffer.offer(idle(1, 4, 8_000), 7_000);
        assertThat(taken(7_050)).as("told already").isEmpty();
        assertThat(taken(8_000)).hasSize(1);
        buffer.written(fence(0), 0);
        buffer.offer(idle(1, 5, 0), 9_000);
        assertThat(taken(10_000)).hasSize(1);
        buffer.offer(idle(1, 6, 9_000), 18_000);
        assertThat(taken(18_050)).as("may idle for ever").isEmpty();
    }

    @Test
    void aBrowserNeverHeardBeforeIsNews() {
        buffer.offer(beat(1, 1, Health.READY, 0), 0);
        assertThat(taken(50)).hasSize(1);
    }

    @Test
    void newsTakesOldNewsAlong() {
        known(1);
        buffer.offer(beat(1, 2, Health.READY, 0), 0);
        buffer.offer(beat(2, 1, Health.READY, 0), 10);
        assertThat(taken(60)).hasSize(2);
    }

    @Test
    void aFullBatchGoesAtOnceABacklogInLargerOnesAndEachInTheOrderOfIds() {
        for (var i = 0; i < BeatBuffer.FULL - 1; i++) {
            buffer.offer(beat(i, 1, Health.READY, 0), 0);
        }
        assertThat(taken(0)).isEmpty();
        for (var i = BeatBuffer.FULL - 1; i < 250; i++) {
            buffer.offer(beat(i, 1, Health.READY, 0), 0);
        }
        assertThat(buffer.due()).isEqualTo(Long.MIN_VALUE);
        assertThat(taken(0))
                .hasSize(LARGEST)
                .isSortedAccordingTo((a, b) -> a.browser().compareTo(b.browser()));
        assertThat(taken(0)).hasSize(LARGEST);
        assertThat(taken(0)).isEmpty();
        assertThat(taken(50)).hasSize(10);
    }

    @Test
    void newsOvertakesABacklogOfBeatsThatSayNothingNew() {
        knownUpTo(299);
        for (var i = 1; i <= 299; i++) {
            buffer.offer(beat(i, 2, Health.READY, 0), 0);
        }
        buffer.offer(beat(299, 3, Health.GONE, 0), 0);
        assertThat(taken(0)).contains(beat(299, 3, Health.GONE, 0));
    }

    @Test
    void newsStaysNewsUntilItIsWritten() {
        knownUpTo(299);
        buffer.offer(beat(1, 2, Health.FROZEN, 0), 0);
        buffer.offer(beat(1, 3, Health.FROZEN, 0), 40);
        assertThat(taken(50)).containsExactly(beat(1, 3, Health.FROZEN, 0));

        buffer.offer(beat(1, 4, Health.GONE, 0), 100);
        var failed = buffer.take(150);
        for (var i = 2; i <= 299; i++) {
            buffer.offer(beat(i, 2, Health.READY, 0), 160);
        }
        buffer.offer(beat(1, 5, Health.GONE, 0), 160);
        buffer.giveBack(failed, 170);
        assertThat(taken(1_200))
                .as("what was given back is news for the beat that replaced it")
                .contains(beat(1, 5, Health.GONE, 0));
    }

    @Test
    void aBrowserIsUnheardOfSinceItsFirstBeatThatWaits() {
        known(buffer, 1);
        buffer.offer(beat(1, 2, Health.READY, 0), 1_000);
        buffer.offer(beat(1, 3, Health.READY, 0), 6_000);
        assertThat(unheard()).containsExactly(1_000L);

        var failed = buffer.take(7_000);
        assertThat(unheard()).isEmpty();
        buffer.offer(beat(1, 4, Health.READY, 0), 11_000);
        buffer.giveBack(failed, 12_000);
        assertThat(unheard()).containsExactly(1_000L);

        buffer.take(20_000);
        buffer.offer(beat(1, 5, Health.READY, 0), 21_000);
        assertThat(unheard()).containsExactly(21_000L);
    }

    private List<Long> unheard() {
        var all = new ArrayList<Long>();
        buffer.forEach(waiting -> all.add(waiting.unheardMillis()));
        return all;
    }

    @Test
    void saysWhatBecameOfEachBeat() {
        assertThat(buffer.offer(beat(1, 5, Health.READY, 0), 0)).isEqualTo(Fate.WAITS);
        assertThat(buffer.offer(beat(1, 6, Health.READY, 0), 0)).isEqualTo(Fate.REPLACES);
        assertThat(buffer.offer(beat(1, 4, Health.GONE, 0), 0)).isEqualTo(Fate.OUTDATED);
        assertThat(taken(50)).containsExactly(beat(1, 6, Health.READY, 0));
    }

    @Test
    void withoutRoomABeatThatSaysNothingNewIsDropped() {
        var small = new BeatBuffer(2, LARGEST, new Vouched(false));
        for (var i = 1; i <= 3; i++) {
            known(small, i);
        }
        assertThat(small.offer(beat(1, 2, Health.READY, 0), 0)).isEqualTo(Fate.WAITS);
        assertThat(small.offer(beat(2, 2, Health.READY, 0), 0)).isEqualTo(Fate.WAITS);
        assertThat(small.offer(beat(3, 2, Health.READY, 0), 0)).isEqualTo(Fate.SHED);
        assertThat(small.offer(beat(2, 3, Health.READY, 0), 0))
                .as("a browser that waits already needs no more room")
                .isEqualTo(Fate.REPLACES);
        assertThat(reports(small.take(1_000)))
                .containsExactlyInAnyOrder(beat(1, 2, Health.READY, 0), beat(2, 3, Health.READY, 0));
    }

    @Test
    void withoutRoomNewsTakesThePlaceOfWhatSaysNothingNew() {
        var small = new BeatBuffer(2, LARGEST, new Vouched(false));
        for (var i = 1; i <= 4; i++) {
            known(small, i);
        }
        small.offer(beat(1, 2, Health.READY, 0), 0);
        small.offer(beat(2, 2, Health.READY, 0), 0);
        assertThat(small.offer(beat(3, 2, Health.GONE, 0), 0)).isEqualTo(Fate.SHED);
        small.offer(beat(4, 2, Health.GONE, 0), 0);
        assertThat(small.size()).isEqualTo(2);
        assertThat(reports(small.take(50)))
                .containsExactlyInAnyOrder(beat(3, 2, Health.GONE, 0), beat(4, 2, Health.GONE, 0));
    }

    @Test
    void newsThatFoundNoRoomIsNewsStillWhenItIsToldAgain() {
        var small = new BeatBuffer(1, LARGEST, new Vouched(false));
        small.offer(beat(1, 1, Health.GONE, 0), 0);
        assertThat(small.offer(beat(2, 1, Health.GONE, 0), 0)).isEqualTo(Fate.SHED);
        assertThat(small.take(50)).hasSize(1);
        small.offer(beat(2, 2, Health.GONE, 0), 5_000);
        assertThat(reports(small.take(5_050))).containsExactly(beat(2, 2, Health.GONE, 0));
    }

    @Test
    void knowsHowLongABeatHasWaitedThoughItFailedOnce() {
        known(1);
        buffer.offer(beat(1, 2, Health.READY, 0), 100);
        buffer.giveBack(buffer.take(1_100), 1_200);
        assertThat(buffer.take(2_200))
                .extracting(BeatBuffer.Waiting::sinceMillis)
                .containsExactly(100L);
    }

    @Test
    void keepsTheNewestOfABrowserOnly() {
        buffer.offer(beat(1, 1, Health.READY, 0), 0);
        buffer.offer(beat(1, 3, Health.READY, 2), 1);
        buffer.offer(beat(1, 2, Health.GONE, 1), 2);
        assertThat(taken(50)).containsExactly(beat(1, 3, Health.READY, 2));
    }

    @Test
    void aNewPodBeginsItsSequenceAgain() {
        buffer.offer(beat(1, 9, Health.READY, 0), 0);
        var reborn = new Report(id(1), "pod-2", 1, Health.READY, Optional.empty(), 1, 0, false, false, 0, 0);
        buffer.offer(reborn, 0);
        assertThat(taken(50)).containsExactly(reborn);
    }

    @Test
    void whatCouldNotBeWrittenCountsAgainUnlessSomethingNewerCame() {
        buffer.offer(beat(1, 1, Health.READY, 0), 0);
        buffer.offer(beat(2, 1, Health.READY, 0), 0);
        var failed = buffer.take(50);
        buffer.offer(beat(1, 2, Health.GONE, 0), 60);
        buffer.giveBack(failed, 100);
        assertThat(taken(1_099)).as("a store that is away is not asked at once").isEmpty();
        assertThat(taken(1_100)).containsExactlyInAnyOrder(beat(1, 2, Health.GONE, 0), beat(2, 1, Health.READY, 0));
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
        assertThat(taken(50)).hasSize(1);
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

    private void knownUpTo(int browsers) {
        for (var i = 1; i <= browsers; i++) {
            known(i);
        }
    }

    private void known(int browser) {
        known(buffer, browser);
    }

    private static void known(BeatBuffer buffer, int browser) {
        buffer.offer(beat(browser, 1, Health.READY, 0), -1_000);
        assertThat(buffer.take(0)).isNotEmpty();
    }

    private List<Report> taken(long nowMillis) {
        return reports(buffer.take(nowMillis));
    }

    private static List<Report> reports(List<BeatBuffer.Waiting> batch) {
        return batch.stream().map(BeatBuffer.Waiting::report).toList();
    }

    private static Report idle(int browser, long sequence, long millis) {
        return new Report(id(browser), "pod", sequence, Health.READY, Optional.empty(), 1, 0, false, false, 0, millis);
    }

    private static Report beat(int browser, long sequence, Health health, int connections) {
        return new Report(id(browser), "pod", sequence, health, Optional.empty(), 1, connections, false, false, 0, 0);
    }

    private static UUID id(int browser) {
        return new UUID(browser * 7_919L, 5);
    }
}
