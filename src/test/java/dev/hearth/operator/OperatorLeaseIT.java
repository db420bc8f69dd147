package dev.hearth.operator;

import static dev.hearth.operator.TestOperator.patiently;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.testing.kube.TestControlPlane;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import org.junit.jupiter.api.Test;

/** Two operators, one lease. */
class OperatorLeaseIT {
    /** A lease that nobody renews lasts for 15 s, then looks come within 4.4 s; who waits is ready 25 s after its first look. */
    private static final Duration TAKING_OVER = Duration.ofSeconds(40);

    @Test
    void aLeaseOfAnOperatorThatIsGoneMakesNobodyReady() {
        var plane = TestControlPlane.shared();
        var leases = plane.newNamespace("lease");
        try (var first = TestOperator.as(plane.client(), "gone", leases)) {
            first.apply("""
                    apiVersion: v1
                    kind: Secret
                    metadata: {name: key, labels: {hearth.dev/api-key: "true"}}
                    stringData: {key: "a-key-of-an-operator-that-went"}
                    """);
            patiently().until(first::isReady);
            first.stop();
            first.directory.keyRefusals.set(Integer.MAX_VALUE);
            try (var second = first.beside(new SimpleMeterRegistry())) {
                second.start();
                patiently().atMost(TAKING_OVER).until(() -> {
                    assertThat(second.isReady()).as("before a key works").isFalse();
                    return first.directory.keyRefusals.get() < Integer.MAX_VALUE;
                });
                first.directory.keyRefusals.set(0);
                patiently().until(second::isReady);
            }
        }
    }

    /** Its lease runs out after 15 s, ours is given up after 10 s without it. */
    @Test
    void whoLosesTheLeaseStandsAgainWhereTheProcessLivesOn() {
        var plane = TestControlPlane.shared();
        var leases = plane.newNamespace("lease");
        try (var world = TestOperator.as(plane.client(), "again", leases)) {
            world.stop();
            var registry = new SimpleMeterRegistry();
            try (var operator = new RecurringOperator(lost -> world.beside(registry, lost))) {
                operator.start();
                world.pool("again", 1, "");
                world.awaitWarm("again", 1);
                var leads = world.supply.leads();

                plane.client()
                        .leases()
                        .inNamespace(leases)
                        .withName("hearth-operator")
                        .edit(lease -> {
                            lease.getSpec().setHolderIdentity("a-thief");
                            lease.getSpec().setRenewTime(ZonedDateTime.now(ZoneOffset.UTC));
                            return lease;
                        });

                patiently().atMost(TAKING_OVER.multipliedBy(2)).until(() -> world.supply.leads() > leads);
                world.kubectl("scale", "bp/again", "--replicas=2");
                world.awaitWarm("again", 2);
                patiently().until(operator::isReady);
                world.kubectl("delete", "bp", "again", "--timeout=30s");
            }
        }
    }

    @Test
    void theSecondWaitsReadyAndTakesOverWhenTheFirstIsGone() {
        var plane = TestControlPlane.shared();
        try (var first = TestOperator.as(plane.client(), "pair", plane.newNamespace("lease"));
                var second = first.beside(new SimpleMeterRegistry())) {
            first.pool("shared", 1, "");
            first.awaitWarm("shared", 1);

            second.start();
            patiently().atMost(TAKING_OVER).until(second::isReady);
            assertThat(first.supply.leads()).as("who waits does not lead").isOne();

            first.stop();
            first.kubectl("scale", "bp/shared", "--replicas=2");
            patiently().atMost(TAKING_OVER).until(() -> first.supply.leads() == 2);
            first.awaitWarm("shared", 2);
            assertThat(first.supply.leads()).as("one took over, once").isEqualTo(2);
            first.kubectl("delete", "bp", "shared", "--timeout=30s");
        }
    }
}
