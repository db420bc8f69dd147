package dev.hearth.local.node;

import static dev.hearth.local.node.ContainerPlan.Role.INIT;
import static dev.hearth.local.node.ContainerPlan.Role.MAIN;
import static dev.hearth.local.node.ContainerPlan.Role.SIDECAR;
import static dev.hearth.local.node.PodPlan.RestartPolicy.ALWAYS;
import static dev.hearth.local.node.PodPlan.RestartPolicy.NEVER;
import static dev.hearth.local.node.PodPlan.RestartPolicy.ON_FAILURE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.local.node.ContainerPlan.Role;
import dev.hearth.local.node.ContainerStage.Exited;
import dev.hearth.local.node.ContainerStage.Running;
import dev.hearth.local.node.ContainerStage.Waiting;
import dev.hearth.local.node.PodPlan.RestartPolicy;
import dev.hearth.local.node.PodSteps.Decision;
import dev.hearth.local.node.PodSteps.Step.Kill;
import dev.hearth.local.node.PodSteps.Step.Start;
import dev.hearth.local.node.PodSteps.Step.Terminate;
import dev.hearth.local.node.PodSteps.Stop;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PodStepsTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration GRACE = Duration.ofSeconds(5);

    @Test
    void startsInitContainersOneAfterTheOther() {
        assertThat(steps(NEVER, init("a", waiting()), init("b", waiting()), main("m", waiting())))
                .containsExactly(new Start("a"));
        assertThat(steps(NEVER, init("a", running()), init("b", waiting()), main("m", waiting())))
                .isEmpty();
        assertThat(steps(NEVER, init("a", exited(0)), init("b", waiting()), main("m", waiting())))
                .containsExactly(new Start("b"));
    }

    @Test
    void aSidecarIsStartedBeforeWhatFollowsAndDoesNotHoldItUpLater() {
        assertThat(steps(NEVER, sidecar("s", waiting()), main("m", waiting()))).containsExactly(new Start("s"));
        assertThat(steps(NEVER, sidecar("s", running()), main("m", waiting()), main("n", waiting())))
                .containsExactly(new Start("m"), new Start("n"));
        assertThat(steps(NEVER, sidecar("s", exited(1)), main("m", waiting())))
                .containsExactly(new Start("s"), new Start("m"));
    }

    @Test
    void aFailedInitContainerEndsAPodThatNeverRestarts() {
        var pod = List.of(sidecar("s", running()), init("a", exited(1)), main("m", waiting()));

        assertThat(decide(NEVER, pod, Optional.empty()).steps()).containsExactly(new Terminate("s"));
        assertThat(decide(ON_FAILURE, pod, Optional.empty()).steps()).containsExactly(new Start("a"));
    }

    @Test
    void restartsWithBackOffByPolicy() {
        var again = new ContainerProgress("m", "i", MAIN, exited(0), 1, Optional.empty());

        assertThat(decide(ALWAYS, List.of(again), Optional.empty()).steps()).isEmpty();
        assertThat(decide(ALWAYS, List.of(again), Optional.empty()).wakeAt()).contains(NOW.plusSeconds(10));
        assertThat(steps(ALWAYS, main("m", exited(0)))).containsExactly(new Start("m"));
        assertThat(decide(ON_FAILURE, List.of(again), Optional.empty()).finished())
                .isTrue();
        assertThat(decide(NEVER, List.of(main("m", exited(7))), Optional.empty())
                        .finished())
                .isTrue();
    }

    @Test
    void sidecarsAreAskedToLeaveInReverseOnceTheMainContainersEnded() {
        assertThat(steps(NEVER, sidecar("s", running()), sidecar("t", running()), main("m", exited(0))))
                .containsExactly(new Terminate("t"));
        assertThat(steps(NEVER, sidecar("s", running()), sidecar("t", exited(143)), main("m", exited(0))))
                .containsExactly(new Terminate("s"));
    }

    @Test
    void aDeletionAsksMainContainersFirstAndKillsAfterTheGrace() {
        var pod = List.of(sidecar("s", running()), main("m", running()), main("n", running()));
        assertThat(stopping(pod, NOW).steps()).containsExactly(new Terminate("m"), new Terminate("n"));

        var asked = List.of(sidecar("s", running()), main("m", asked(NOW)), main("n", exited(0)));
        assertThat(stopping(asked, NOW).steps()).isEmpty();
        assertThat(stopping(asked, NOW).wakeAt()).contains(NOW.plus(GRACE));
        assertThat(stopping(asked, NOW.plus(GRACE)).steps()).containsExactly(new Kill("m"));
    }

    @Test
    void aSidecarHasTwoSecondsForItsLastWordsEvenWhenTheGraceIsUsedUp() {
        var late = NOW.plus(GRACE);
        var pod = List.of(sidecar("s", asked(late)), main("m", exited(137)));

        assertThat(stopping(pod, late.plusMillis(1999)).steps()).isEmpty();
        assertThat(stopping(pod, late.plusSeconds(2)).steps()).containsExactly(new Kill("s"));
    }

    @Test
    void noGraceKillsEverythingAtOnce() {
        var pod = List.of(sidecar("s", running()), main("m", asked(NOW)));

        assertThat(decide(NEVER, pod, Optional.of(new Stop(NOW, Duration.ZERO))).steps())
                .containsExactly(new Kill("s"), new Kill("m"));
    }

    @Test
    void nothingIsStartedWhileAPodEnds() {
        var pod = List.of(sidecar("s", exited(1)), main("m", waiting()));

        assertThat(stopping(pod, NOW)).isEqualTo(new Decision(List.of(), Optional.empty(), true));
    }

    private static Decision stopping(List<ContainerProgress> pod, Instant now) {
        return PodSteps.decide(pod, plan(ALWAYS), Optional.of(new Stop(NOW, GRACE)), now);
    }

    private static List<PodSteps.Step> steps(RestartPolicy policy, ContainerProgress... containers) {
        return decide(policy, List.of(containers), Optional.empty()).steps();
    }

    private static Decision decide(RestartPolicy policy, List<ContainerProgress> containers, Optional<Stop> stop) {
        return PodSteps.decide(containers, plan(policy), stop, NOW);
    }

    private static PodPlan.Run plan(RestartPolicy policy) {
        return new PodPlan.Run(List.of(), List.of(), policy, GRACE, List.of());
    }

    static ContainerProgress init(String name, ContainerStage stage) {
        return container(name, INIT, stage);
    }

    static ContainerProgress sidecar(String name, ContainerStage stage) {
        return container(name, SIDECAR, stage);
    }

    static ContainerProgress main(String name, ContainerStage stage) {
        return container(name, MAIN, stage);
    }

    private static ContainerProgress container(String name, Role role, ContainerStage stage) {
        return new ContainerProgress(name, "hearth.test/tools:1", role, stage, 0, Optional.empty());
    }

    static ContainerStage waiting() {
        return Waiting.CREATING;
    }

    static ContainerStage running() {
        return new Running(NOW, true, Optional.empty());
    }

    private static ContainerStage asked(Instant when) {
        return new Running(NOW, true, Optional.of(when));
    }

    static ContainerStage exited(int code) {
        return new Exited(code, false, "", NOW, NOW);
    }
}
