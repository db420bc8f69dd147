package dev.hearth.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.chart.Chart;
import io.fabric8.kubernetes.api.model.EnvVar;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The chart speaks to processes by their environment, where a misspelt key is silently nothing. */
class ChartKeysTest {
    private static final List<String> KNOWN =
            ConfigKey.all().stream().map(ConfigKey::variable).toList();

    @Test
    void everyVariableThatTheChartSetsIsAKey() {
        var set = Stream.of(Chart.byDefault(), Chart.withEverything())
                .flatMap(chart -> chart.pods().values().stream())
                .flatMap(pod -> pod.getSpec().getContainers().stream())
                .flatMap(container -> container.getEnv().stream())
                .map(EnvVar::getName)
                .filter(name -> name.startsWith("HEARTH_"))
                .distinct()
                .toList();
        assertThat(set).hasSizeGreaterThan(20);
        assertThat(KNOWN).containsAll(set).doesNotContain("HEARTH_COLOUR");
    }
}
