package dev.hearth.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class DurationTextTest {
    @Test
    void readsHoursMinutesAndSeconds() {
        assertThat(DurationText.parse("1h30m")).isEqualTo(Duration.ofMinutes(90));
        assertThat(DurationText.parse("5m")).isEqualTo(Duration.ofMinutes(5));
        assertThat(DurationText.parse("0s")).isZero();
    }

    @Test
    void namesWhatItCannotRead() {
        assertThatThrownBy(() -> DurationText.parse("10x")).hasMessageContaining("'10x' is not a duration like 1h30m");
        assertThatThrownBy(() -> DurationText.parse("")).hasMessageContaining("not a duration");
    }
}
