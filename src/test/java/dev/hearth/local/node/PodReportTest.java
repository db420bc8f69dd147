package dev.hearth.local.node;

import static dev.hearth.local.node.PodStepsTest.exited;
import static dev.hearth.local.node.PodStepsTest.init;
import static dev.hearth.local.node.PodStepsTest.main;
import static dev.hearth.local.node.PodStepsTest.running;
import static dev.hearth.local.node.PodStepsTest.sidecar;
import static dev.hearth.local.node.PodStepsTest.waiting;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.local.node.ContainerStage.Exited;
import dev.hearth.local.node.ContainerStage.Running;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PodReportTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00.5Z");
    private static final Instant LATER = NOW.plusSeconds(60);

    private record Row(String fact, PodPhase phase, boolean over, List<ContainerProgress> pod) {}

    static Stream<Row> phases() {
        return Stream.of(
                new Row("init runs", PodPhase.PENDING, false, List.of(init("a", running()), main("m", waiting()))),
                new Row("init failed", PodPhase.FAILED, true, List.of(init("a", exited(1)), main("m", waiting()))),
                new Row(
                        "sidecar waits",
                        PodPhase.PENDING,
                        false,
                        List.of(sidecar("s", waiting()), main("m", waiting()))),
                new Row("main waits", PodPhase.PENDING, false, List.of(main("m", waiting()), main("n", running()))),
                new Row("all run", PodPhase.RUNNING, false, List.of(sidecar("s", running()), main("m", running()))),
                new Row(
                        "sidecar died",
                        PodPhase.RUNNING,
                        false,
                        List.of(sidecar("s", exited(1)), main("m", running()))),
                new Row(
                        "sidecar leaves",
                        PodPhase.RUNNING,
                        false,
                        List.of(sidecar("s", running()), main("m", exited(0)))),
                new Row(
                        "completed",
                        PodPhase.SUCCEEDED,
                        true,
                        List.of(sidecar("s", exited(143)), main("m", exited(0)))),
                new Row("one failed", PodPhase.FAILED, true, List.of(main("m", exited(0)), main("n", exited(1)))),
                new Row("never started", PodPhase.FAILED, true, List.of(main("m", waiting()))));
    }

    @ParameterizedTest
    @MethodSource("phases")
    void phaseIsAKubelets(Row row) {
        assertThat(PodPhase.of(row.pod(), row.over())).as(row.fact()).isEqualTo(row.phase());
    }

    @Test
    void aRunningPodIsReadyWhenAllItsContainersAre() {
        assertThat(condition(report(List.of(sidecar("s", running()), main("m", running()))), "Ready"))
                .isEqualTo("True");
        var unprobed = main("m", new Running(NOW, false, Optional.empty()));
        assertThat(condition(report(List.of(sidecar("s", running()), unprobed)), "Ready"))
                .isEqualTo("False");
        var leaving = main("m", new Running(NOW, true, Optional.of(NOW)));
        assertThat(condition(report(List.of(leaving)), "Ready")).isEqualTo("False");
    }

    @Test
    void transitionTimesMoveOnlyWithTheStatus() {
        var first = report(List.of(main("m", running())));

        var second = PodReport.status(facts(List.of(main("m", running())), List.of()), first, LATER);
        var third = PodReport.status(facts(List.of(main("m", exited(1))), List.of()), second, LATER);

        assertThat(second).isEqualTo(first);
        assertThat(find(third, "Ready").getLastTransitionTime()).isEqualTo("2026-01-01T00:01:00Z");
        assertThat(find(third, "Initialized").getLastTransitionTime()).isEqualTo("2026-01-01T00:00:00Z");
    }

    @Test
    void aReadinessGateHoldsThePodBackUntilSomebodyOpensIt() {
        var facts = facts(List.of(main("m", running())), List.of("hearth.dev/registered"));
        var open = new PodStatusBuilder()
                .withConditions(new PodConditionBuilder()
                        .withType("hearth.dev/registered")
                        .withStatus("True")
                        .build())
                .build();

        var closed = PodReport.status(facts, new PodStatus(), NOW);
        assertThat(condition(closed, "ContainersReady")).isEqualTo("True");
        assertThat(find(closed, "Ready").getReason()).isEqualTo("ReadinessGatesNotReady");
        assertThat(condition(PodReport.status(facts, open, NOW), "Ready")).isEqualTo("True");
    }

    @Test
    void anEndCarriesCodeSignalAndReason() {
        var oom = new Exited(137, true, "", NOW, LATER);
        var state = report(List.of(main("m", oom)))
                .getContainerStatuses()
                .getFirst()
                .getState()
                .getTerminated();

        assertThat(state.getReason()).isEqualTo("OOMKilled");
        assertThat(state.getSignal()).isEqualTo(9);
        assertThat(state.getFinishedAt()).isEqualTo("2026-01-01T00:01:00Z");
    }

    @Test
    void aSidecarBetweenTwoRunsWaitsAndRemembersItsLast() {
        var status = report(List.of(sidecar("s", exited(3)), main("m", running())))
                .getInitContainerStatuses()
                .getFirst();

        assertThat(status.getState().getWaiting().getReason()).isEqualTo("CrashLoopBackOff");
        assertThat(status.getLastState().getTerminated().getExitCode()).isEqualTo(3);
    }

    private static PodStatus report(List<ContainerProgress> containers) {
        return PodReport.status(facts(containers, List.of()), new PodStatus(), NOW);
    }

    private static PodReport.Facts facts(List<ContainerProgress> containers, List<String> gates) {
        return new PodReport.Facts(
                "uid",
                PodPhase.of(containers, false),
                Optional.empty(),
                Optional.of("127.1.1.1"),
                "",
                NOW,
                PodPlan.RestartPolicy.NEVER,
                false,
                containers,
                gates);
    }

    private static String condition(PodStatus status, String type) {
        return find(status, type).getStatus();
    }

    private static PodCondition find(PodStatus status, String type) {
        return status.getConditions().stream()
                .filter(c -> c.getType().equals(type))
                .findFirst()
                .orElseThrow();
    }
}
