package dev.hearth.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class PodNamesTest {
    @Test
    void addsFiveCharactersWithoutVowels() {
        var random = new Random(7);
        for (var i = 0; i < 1_000; i++) {
            assertThat(PodNames.next("web", random)).matches("web-[bcdfghjkmnpqrstvwxz2-9]{5}");
        }
    }

    @Test
    void cutsALongPoolNameSoThatTheResultIsADnsLabel() {
        assertThat(PodNames.next("p".repeat(100), new Random(7))).hasSize(63);
        assertThat(PodNames.next("p".repeat(56) + "-".repeat(20), new Random(7)))
                .matches("p{56}-[a-z0-9]{5}");
    }
}
