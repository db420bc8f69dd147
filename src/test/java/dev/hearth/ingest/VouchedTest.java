package dev.hearth.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.claim.HeartbeatStore.Fence;
import dev.hearth.claim.HeartbeatStore.Health;
import dev.hearth.claim.HeartbeatStore.Pulse;
import dev.hearth.claim.HeartbeatStore.Report;
import dev.hearth.claim.HeartbeatStore.Silence;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class VouchedTest {
    private static final UUID BROWSER = new UUID(1, 1);
    private static final Pulse PULSE = new Pulse(false, true, Set.of());

    private final Vouched vouched = new Vouched(true);
    private long pulsedAt;

    @BeforeEach
    void aGatewayThatPulsesAndHasWrittenOneBeat() {
        vouched.pulsed(PULSE, List.of(), 0);
        vouched.written(fence(1, true), true, 0);
    }

    private static Fence fence(long sequence, boolean isVouched) {
        return new Fence(BROWSER, sequence, 0, Optional.empty(), -1, 0, 0, false, isVouched);
    }

    private static Report beat(long sequence, Health health, Optional<UUID> session) {
        return new Report(BROWSER, "pod", sequence, health, session, 0, 0, false, false, 0, 0);
    }

    private boolean hears(long sequence, long now) {
        return vouched.hears(beat(sequence, Health.READY, Optional.empty()), true, now);
    }

    /** Every second until then. */
    private void pulseUntil(long now) {
        for (var at = pulsedAt; at < now; at += 1_000) {
            vouched.pulsed(PULSE, List.of(), at);
        }
        vouched.pulsed(PULSE, List.of(), now);
        pulsedAt = now;
    }

    @Test
    void aBeatThatSaysNothingNewOfACalmBrowserNeedNotBeWritten() {
        assertThat(hears(2, 1_000)).isTrue();
    }

    @Test
    void newsIsWrittenAndSoIsWhatNeverWasOrNotInThisGatewaysName() {
        assertThat(vouched.hears(beat(2, Health.READY, Optional.empty()), false, 1_000))
                .isFalse();
        vouched.written(fence(2, false), true, 1_000);
        assertThat(hears(3, 2_000)).isFalse();
        var stranger = new Report(new UUID(1, 2), "pod", 1, Health.READY, Optional.empty(), 0, 0, false, false, 0, 0);
        assertThat(vouched.hears(stranger, true, 1_000)).isFalse();
    }

    @ParameterizedTest
    @EnumSource(value = Health.class, mode = EnumSource.Mode.EXCLUDE, names = "READY")
    void everyBeatOfABrowserThatIsNotReadyIsWritten(Health health) {
        assertThat(vouched.hears(beat(2, health, Optional.empty()), true, 1_000))
                .isFalse();
    }

    @Test
    void everyBeatOfABrowserInASessionIsWritten() {
        assertThat(vouched.hears(beat(2, Health.READY, Optional.of(new UUID(2, 2))), true, 1_000))
                .isFalse();
    }

    @Test
    void oneBeatIsWrittenEverySoOften() {
        var longest = Vouched.WRITTEN_MILLIS + Vouched.SPREAD_MILLIS;
        pulseUntil(Vouched.WRITTEN_MILLIS - 1);
        assertThat(hears(2, Vouched.WRITTEN_MILLIS - 1)).isTrue();
        pulseUntil(longest);
        assertThat(hears(3, longest)).isFalse();
        assertThat(longest)
                .as("a third of it must be left of the 150 s that the store waits")
                .isLessThan(100_000);
    }

    @Test
    void withoutAPulseBeatsWaitToBeWrittenSoThatAgentsGoElsewhere() {
        assertThat(hears(2, Vouched.PULSE_MILLIS - 1)).isTrue();
        assertThat(hears(3, Vouched.PULSE_MILLIS)).isFalse();
        assertThat(vouched.isVouching(Vouched.PULSE_MILLIS)).isFalse();
        vouched.pulsed(PULSE, List.of(), Vouched.PULSE_MILLIS);
        assertThat(hears(4, Vouched.PULSE_MILLIS))
                .as("the pause may have cost it its place")
                .isFalse();
        vouched.written(fence(4, true), true, Vouched.PULSE_MILLIS);
        assertThat(hears(5, Vouched.PULSE_MILLIS)).isTrue();
    }

    @Test
    void besideAGatewayThatDoesNotUnderstandItEveryBeatIsWritten() {
        vouched.pulsed(new Pulse(false, false, Set.of()), List.of(), 1_000);
        assertThat(hears(2, 1_001)).isFalse();
        assertThat(vouched.isVouching(1_001)).isFalse();
    }

    @Test
    void whereItIsNotWishedEveryBeatIsWritten() {
        var full = new Vouched(false);
        full.pulsed(PULSE, List.of(), 0);
        assertThat(full.isVouching(1)).isFalse();
    }

    @Test
    void afterTheStoreHasForgottenItTheNextBeatIsWritten() {
        vouched.pulsed(new Pulse(true, true, Set.of()), List.of(), 1_000);
        assertThat(hears(2, 1_001)).isFalse();
        vouched.written(fence(2, true), true, 1_002);
        assertThat(hears(3, 1_003)).isTrue();
    }

    @Test
    void aBrowserThatIsWantedHasItsNextBeatWritten() {
        vouched.pulsed(new Pulse(false, true, Set.of(BROWSER)), List.of(), 1_000);
        assertThat(hears(2, 1_001)).isFalse();
    }

    @Test
    void aBrowserThatCameInAnewHasItsNextBeatWritten() {
        vouched.cameIn(BROWSER);
        assertThat(hears(2, 1_000)).isFalse();
    }

    @Test
    void aBeatThatWasUnderWayDoesNotAnswerWhatIsAsked() {
        vouched.cameIn(BROWSER);
        vouched.written(fence(1, true), true, 500);
        assertThat(hears(2, 1_000)).isFalse();
        vouched.written(fence(2, true), true, 1_500);
        assertThat(hears(3, 2_000)).isTrue();
    }

    @Test
    void anAgentThatBeganAnewAnswersThoughItCountsFromTheBeginning() {
        hears(50, 1_000);
        vouched.cameIn(BROWSER);
        assertThat(hears(1, 2_000)).isFalse();
        vouched.written(fence(1, true), true, 2_100);
        assertThat(hears(2, 2_500)).isTrue();
    }

    @Test
    void whoIsSilentIsToldUntilItIsKnownAndIsWrittenWhenItSpeaksAgain() {
        hears(2, 1_000);
        assertThat(vouched.silent(1_000 + Vouched.SILENT_MILLIS)).isEmpty();
        var told = vouched.silent(1_001 + Vouched.SILENT_MILLIS);
        assertThat(told).containsExactly(new Silence(BROWSER, 2, 1 + Vouched.SILENT_MILLIS));
        assertThat(vouched.silent(9_000)).as("the pulse was lost").containsExactly(new Silence(BROWSER, 2, 8_000));

        assertThat(hears(3, 9_000)).isFalse();

        vouched.pulsed(PULSE, told, 9_000);
        assertThat(vouched.silent(9_001)).isEmpty();
    }

    @Test
    void whoIsGoneIsToldAtOnce() {
        hears(2, 1_000);
        vouched.gone(BROWSER);
        assertThat(vouched.silent(1_500)).containsExactly(new Silence(BROWSER, 2, 500));
    }

    @Test
    void whoWasGoneWhenItsLastBeatWasWrittenIsTold() {
        vouched.gone(BROWSER);
        vouched.pulsed(PULSE, vouched.silent(1_000), 1_000);
        vouched.written(fence(2, true), false, 2_000);
        assertThat(vouched.silent(2_000)).containsExactly(new Silence(BROWSER, 2, 0));
        assertThat(hears(3, 2_001)).isFalse();
    }

    @Test
    void whomTheStoreHasNotHeardOfForPulsesAreLateIsKnown() {
        var overdue = new HashMap<UUID, Long>();
        vouched.overdue(Vouched.LATE_PULSE_MILLIS, overdue::put);
        assertThat(overdue).isEmpty();
        vouched.overdue(Vouched.LATE_PULSE_MILLIS + 1, overdue::put);
        assertThat(overdue).isEqualTo(Map.of(BROWSER, Vouched.LATE_PULSE_MILLIS + 1));
    }
}
