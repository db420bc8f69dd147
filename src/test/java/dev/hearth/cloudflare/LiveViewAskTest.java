package dev.hearth.cloudflare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.gateway.ViewTokens.Bound;
import dev.hearth.gateway.ViewTokens.View;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LiveViewAskTest {
    private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);

    @ParameterizedTest
    @ValueSource(
            strings = {"", "{}", "{\"mode\": null, \"expiresInMs\": null, \"targetId\": null, \"guardrails\": null}"})
    void withoutWishesAViewMustBeginWithinFiveMinutesAndMayAct(String body) {
        assertThat(usable(body)).isEqualTo(LiveViewAsk.USUAL);
        assertThat(usable(body).view(NOW)).isEqualTo(new View(false, NOW.plusSeconds(300), Bound.START));
        assertThat(usable(body).ignored()).isEmpty();
    }

    @Test
    void wishesAreRead() {
        var ask = usable("""
                {"mode": "tab", "expiresInMs": 60000, "targetId": "8E598E99", "guardrails": {"mode": "readonly"}}""");

        assertThat(ask).isEqualTo(new LiveViewAsk("tab", Duration.ofMinutes(1), "8E598E99", true));
        assertThat(ask.view(NOW)).isEqualTo(new View(true, NOW.plusSeconds(60), Bound.START));
        assertThat(ask.ignored()).containsExactly("mode");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"mode": "vnc"}                                         | FIELD_RANGE   | /mode
            {"mode": 1}                                             | FIELD_RANGE   | /mode
            {"expiresInMs": 59999}                                  | FIELD_RANGE   | /expiresInMs
            {"expiresInMs": 3600001}                                | FIELD_RANGE   | /expiresInMs
            {"expiresInMs": 60000.5}                                | FIELD_RANGE   | /expiresInMs
            {"expiresInMs": "60000"}                                | FIELD_RANGE   | /expiresInMs
            {"targetId": "../json"}                                 | FIELD_RANGE   | /targetId
            {"targetId": 7}                                         | FIELD_RANGE   | /targetId
            {"guardrails": {"mode": "full"}}                        | FIELD_RANGE   | /guardrails
            {"guardrails": {"mode": "readonly", "allowed": []}}     | FIELD_RANGE   | /guardrails
            {"guardrails": "readonly"}                              | FIELD_RANGE   | /guardrails
            {"readOnly": true}                                      | FIELD_UNKNOWN | /readOnly
            []                                                      | BODY_NOT_OBJECT |
            {                                                       | JSON_SYNTAX   |
            """)
    void whatCannotBeGivenIsRefusedByItsName(String body, String problem, String field) {
        assertThat(LiveViewAsk.parse(bytes(body))).isInstanceOfSatisfying(LiveViewAsk.Parsed.Refused.class, refused -> {
            assertThat(refused.refusal().problem().name()).isEqualTo(problem);
            assertThat(refused.refusal().field()).isEqualTo(field);
        });
    }

    private static LiveViewAsk usable(String body) {
        return ((LiveViewAsk.Parsed.Usable) LiveViewAsk.parse(bytes(body))).ask();
    }

    private static byte[] bytes(String body) {
        return body.getBytes(StandardCharsets.UTF_8);
    }
}
