package dev.hearth.chart;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A wrong value fails the install, in words that name it. */
class ChartValuesTest {
    record Wrong(String key, Object value, String message) {}

    static Stream<Wrong> refuses() {
        return Stream.of(
                new Wrong("gateway.replica", 3, "replica"),
                new Wrong("operators.replicas", 1, "operators"),
                new Wrong("gateway.replicas", 0, "/gateway/replicas"),
                new Wrong("operator.replicas", 9, "/operator/replicas"),
                new Wrong("gateway.drainSeconds", 21_601, "/gateway/drainSeconds"),
                new Wrong("gateway.publicUrl", "hearth.example.com", "/gateway/publicUrl"),
                new Wrong("gateway.region", "EU West", "/gateway/region"),
                new Wrong("gateway.service.port", 0, "/gateway/service/port"),
                new Wrong("gateway.service.type", "ExternalName", "/gateway/service/type"),
                new Wrong("image.pullPolicy", "Sometimes", "/image/pullPolicy"),
                new Wrong("apiKey.value", "too-short", "/apiKey/value"),
                new Wrong("operator.seccompProfile", "../../etc/passwd", "/operator/seccompProfile"),
                new Wrong("operator.startupTimeout", "soon", "/operator/startupTimeout"),
                new Wrong("database.url", "postgres://host/db", "/database/url"),
                new Wrong("postgres.enabled", false, "/database/existingSecret"),
                new Wrong("ingress.enabled", true, "/ingress/host"),
                new Wrong("httpRoute.enabled", true, "/httpRoute/parentRefs"));
    }

    @ParameterizedTest
    @MethodSource
    void refuses(Wrong wrong) {
        assertThatThrownBy(() -> Chart.text(command -> command.set(wrong.key(), wrong.value())))
                .hasMessageContaining("values don't meet the specifications of the schema")
                .hasMessageContaining(wrong.message());
    }
}
