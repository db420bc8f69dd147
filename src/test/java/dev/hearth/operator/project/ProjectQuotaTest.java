package dev.hearth.operator.project;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProjectQuotaTest {
    @Test
    void readsEachLimit() {
        var quota = read(Map.of("concurrency", " 25 ", "defaultTimeout", "10m", "createsPerMinute", "60"));
        assertThat(quota.concurrency()).isEqualTo(25);
        assertThat(quota.defaultTimeout()).isEqualTo(Duration.ofMinutes(10));
        assertThat(quota.createsPerMinute()).isEqualTo(60);
        assertThat(quota.of("shop").createsPerMinute()).isEqualTo(60);
        assertThat(quota.complaints()).isEmpty();
    }

    @Test
    void whatCannotBeReadIsNamedAndCountsAsUnset() {
        var quota = read(Map.of("concurrency", "-1", "createsPerMinute", "0"));
        assertThat(quota.concurrency()).isNull();
        assertThat(quota.createsPerMinute()).isNull();
        assertThat(quota.complaints())
                .containsExactly("concurrency must be 0 or more", "createsPerMinute must be 1 or more");
        assertThat(read(Map.of("createsPerMinute", "25/min")).complaints())
                .containsExactly("createsPerMinute '25/min' is not a number");
    }

    @Test
    void withoutAMapNothingIsLimited() {
        assertThat(ProjectQuota.read(null).of("shop").createsPerMinute()).isNull();
    }

    private static ProjectQuota read(Map<String, String> data) {
        return ProjectQuota.read(new ConfigMapBuilder().withData(data).build());
    }
}
