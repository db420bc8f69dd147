package dev.hearth.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostNameTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Hearth.Example      | hearth.example",
                "hearth.example:443  | hearth.example",
                "hearth.example:     | hearth.example:",
                "hearth.example:x1   | hearth.example:x1",
                "hearth.example:123456 | hearth.example:123456",
                "a:1:2               | a:1",
                "[::1]               | [::1]",
                "[::1]:8700          | [::1]",
                "[FE80::1]:99999     | [fe80::1]",
                ":80                 | ''",
                "h:٣                 | h:٣",
                "''                  | ''"
            })
    void isWhatStandsBeforeThePort(String header, String name) {
        assertThat(HostName.of(header)).isEqualTo(name);
    }
}
