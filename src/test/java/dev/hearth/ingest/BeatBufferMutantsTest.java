package dev.hearth.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hearth.claim.HeartbeatStore.Health;
import dev.hearth.claim.HeartbeatStore.Report;
import dev.hearth.ingest.BeatBuffer.Waiting;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What must hold of any traffic, and buffers that each break one rule of it: the check finds every one of them. */
class BeatBufferMutantsTest {
    private static final int ROOM = 150;
    private static final int LARGEST = 130;

    /** As much of a buffer as the rules speak of. */
    private interface Buffer {
        void offer(Report report, long now);

        List<Report> take(long now);

        int size();
    }

    private static class Real implements Buffer {
        private final BeatBuffer buffer;

        Real(int room, int largest) {
            buffer = new BeatBuffer(room, largest, new Vouched(false));
        }

        @Override
        public void offer(Report report, long now) {
            buffer.offer(report, now);
        }

        @Override
        public List<Report> take(long now) {
            return buffer.take(now).stream().map(Waiting::report).toList();
        }

        @Override
        public int size() {
            return buffer.size();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void theRulesHold(long seed) {
        check(() -> new Real(ROOM, LARGEST), seed);
    }

    @Test
    void aBufferThatServesABacklogInTurnIsCaught() {
        assertCaught(() -> new Real(ROOM, LARGEST) {
            private final Set<UUID> waiting = new HashSet<>();

            @Override
            public void offer(Report report, long now) {
                if (waiting.add(report.browser())) {
                    super.offer(report, now);
                }
            }

            @Override
            public List<Report> take(long now) {
                var taken = super.take(now);
                taken.forEach(report -> waiting.remove(report.browser()));
                return taken;
            }
        });
    }

    @Test
    void aBufferThatBelievesWhateverComesLastIsCaught() {
        assertCaught(() -> new Real(ROOM, LARGEST) {
            private final Map<UUID, Report> last = new HashMap<>();

            @Override
            public void offer(Report report, long now) {
                last.put(report.browser(), report);
                super.offer(report, now);
            }

            @Override
            public List<Report> take(long now) {
                return super.take(now).stream()
                        .map(report -> last.getOrDefault(report.browser(), report))
                        .toList();
            }
        });
    }

    @Test
    void aBufferThatIsInNoHurryIsCaught() {
        assertCaught(() -> new Real(ROOM, LARGEST) {
            @Override
            public List<Report> take(long now) {
                return super.take(now - 60);
            }
        });
    }

    @Test
    void aBufferThatKeepsEverythingIsCaught() {
        assertCaught(() -> new Real(Integer.MAX_VALUE, LARGEST));
    }

    @Test
    void aBufferThatShedsTheNewsIsCaught() {
        assertCaught(() -> new Real(ROOM, LARGEST) {
            @Override
            public void offer(Report report, long now) {
                if (size() < ROOM) {
                    super.offer(report, now);
                }
            }
        });
    }

    @Test
    void aBufferThatWritesAsItComesIsCaught() {
        assertCaught(() -> new Real(ROOM, LARGEST) {
            @Override
            public List<Report> take(long now) {
                return super.take(now).stream()
                        .sorted(Comparator.comparing(Report::sequence))
                        .toList();
            }
        });
    }

    @Test
    void aBufferWithoutEndToABatchIsCaught() {
        assertCaught(() -> new Real(ROOM, Integer.MAX_VALUE));
    }

    private static void assertCaught(Supplier<Buffer> mutant) {
        assertThatThrownBy(() -> {
                    for (var seed = 1; seed <= 5; seed++) {
                        check(mutant, seed);
                    }
                })
                .isInstanceOf(AssertionError.class);
    }

    /**
     * A fleet of twice as many browsers as there is room for. Beats come in the order that a network gives them; one in
     * fifty says that Chrome froze, or answers again, and that must be on its way within 50 ms. Now and then the writer is
     * away for a while.
     */
    private static void check(Supplier<Buffer> made, long seed) {
        var random = new Random(seed);
        var buffer = made.get();
        var newest = new HashMap<UUID, Report>();
        var told = new HashMap<UUID, Long>();
        var health = new HashMap<Integer, Health>();
        var away = 0L;
        for (var now = 0L; now < 6_000; now += 10) {
            for (var n = 0; n < 8; n++) {
                var browser = random.nextInt(2 * ROOM);
                var late = random.nextInt(10) == 0 ? 3 : 0;
                if (late == 0 && random.nextInt(50) == 0) {
                    health.merge(
                            browser, Health.FROZEN, (was, _) -> was == Health.FROZEN ? Health.READY : Health.FROZEN);
                }
                var beat = beat(browser, now * 10 + n - late * 100, health.getOrDefault(browser, Health.READY));
                var before = newest.get(beat.browser());
                if (before == null || before.sequence() <= beat.sequence()) {
                    newest.put(beat.browser(), beat);
                    if (before != null && before.health() != beat.health()) {
                        told.putIfAbsent(beat.browser(), now);
                    }
                }
                buffer.offer(beat, now);
                assertThat(buffer.size()).as("beats that wait").isLessThanOrEqualTo(ROOM);
            }
            // Only once all of them are known: a browser's first beat is news too.
            away = now > 2_000 && random.nextInt(60) == 0 ? now + 300 : away;
            if (now >= away) {
                for (var batch = buffer.take(now); !batch.isEmpty(); batch = buffer.take(now)) {
                    assertThat(batch)
                            .hasSizeLessThanOrEqualTo(LARGEST)
                            .isSortedAccordingTo(Comparator.comparing(Report::browser));
                    for (var report : batch) {
                        assertThat(report).as("the newest of its browser").isEqualTo(newest.get(report.browser()));
                        told.remove(report.browser());
                    }
                }
                var late = now - 50;
                assertThat(told.values()).as("news that is late").allMatch(since -> since > late);
            }
        }
    }

    private static Report beat(int browser, long sequence, Health health) {
        return new Report(
                new UUID(browser * 7_919L, 5), "pod", sequence, health, Optional.empty(), 1, 0, false, false, 0, 0);
    }
}
