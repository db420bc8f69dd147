package dev.hearth.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MetadataQueryTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            user_metadata['env']:'staging'             | {"env":"staging"}
            user_metadata['order']['status']:'shipped' | {"order":{"status":"shipped"}}
            user_metadata['a']['b']['c']:'d'           | {"a":{"b":{"c":"d"}}}
            user_metadata['it\\'s']:'a\\\\b'           | {"it's":"a\\\\b"}
            user_metadata['"']:'"}, {"'                | {"\\"":"\\"}, {\\""}
            user_metadata['']:''                       | {"":""}
            user_metadata['a']['b:']:']:x'             | {"a":{"b:":"]:x"}}
            """)
    void saysWhatTheMetadataMustContain(String query, String contained) {
        assertThat(MetadataQuery.parse(query)).isEqualTo(new MetadataQuery.Parsed.Usable(contained));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "env",
                "user_metadata:'x'",
                "user_metadata.env:'x'",
                "user_metadata['env']",
                "user_metadata['env']:x",
                "user_metadata[\"env\"]:\"x\"",
                "user_metadata['env']:'it's'",
                "user_metadata['env']:'x' OR '1'='1'",
                "user_metadata['env']:'x\\",
                "user_metadata['env']:'x\\n'",
                "user_metadata['env']:'x\u0000'",
                " user_metadata['env']:'x'",
                "USER_METADATA['env']:'x'"
            })
    void refusesEverythingElse(String query) {
        assertThat(MetadataQuery.parse(query)).isInstanceOf(MetadataQuery.Parsed.Refused.class);
    }

    @Test
    void isBounded() {
        assertThat(MetadataQuery.parse("user_metadata" + "['a']".repeat(16) + ":'x'"))
                .isInstanceOf(MetadataQuery.Parsed.Usable.class);
        assertThat(MetadataQuery.parse("user_metadata" + "['a']".repeat(17) + ":'x'"))
                .isInstanceOf(MetadataQuery.Parsed.Refused.class);
        assertThat(MetadataQuery.parse("user_metadata['a']:'" + "\\'".repeat(50_000) + "'"))
                .isInstanceOf(MetadataQuery.Parsed.Refused.class);
    }
}
