package dev.hearth.operator.session;

import static dev.hearth.operator.TestOperator.patiently;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.claim.EndReason;
import dev.hearth.claim.SessionStore.Filter;
import dev.hearth.operator.TestOperator;
import dev.hearth.pool.BrowserState;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Declared sessions, by kubectl alone. */
class SessionReconcilerIT {
    private final TestOperator operator = new TestOperator("sessions");

    @AfterEach
    void stop() {
        operator.kubectl("delete", "bs,bp", "--all", "--timeout=30s");
        operator.close();
    }

    @Test
    void givesAUrlInASecretAndReleasesWhenDeleted() {
        operator.pool("warm", 1, "");
        operator.awaitWarm("warm", 1);
        session("mine", "poolRef: {name: warm}");

        operator.kubectl("wait", "bs/mine", "--for=condition=Ready", "--timeout=20s");
        var status = operator.kubectl("get", "bs", "mine", "-o", "jsonpath={.status}");
        assertThat(status)
                .contains("\"phase\":\"Running\"", "ws://hearth/connect/")
                .doesNotContain("token");
        var url = operator.kubectl("get", "secret", "mine-connect", "-o", "jsonpath={.data.url}");
        assertThat(new String(Base64.getDecoder().decode(url), StandardCharsets.UTF_8))
                .endsWith("?token=secret");
        assertThat(operator.rows(BrowserState.CLAIMED)).isEqualTo(1);

        operator.kubectl("delete", "bs", "mine", "--timeout=20s");

        assertThat(operator.sessions.list(operator.namespace, new Filter(null, null, 10)))
                .singleElement()
                .satisfies(session -> assertThat(session.endReason()).isEqualTo(EndReason.RELEASED));
        patiently()
                .until(() -> operator.plane
                                .kubectl()
                                .run("-n", operator.namespace, "get", "secret", "mine-connect")
                                .exitCode()
                        != 0);
    }

    @Test
    void waitsForABrowserAndSaysSo() {
        operator.kubelet.hold(true);
        operator.pool("cold", 1, "");
        session("patient", "selector: {region: here}");
        patiently().until(() -> reason("patient").equals("NoneWarm"));

        operator.kubelet.hold(false);

        operator.kubectl("wait", "bs/patient", "--for=condition=Ready", "--timeout=25s");
    }

    @Test
    void aPoolThatIsMissingOrClosedToTheNamespaceIsNamed() {
        session("lost", "poolRef: {name: nowhere}");
        patiently().until(() -> reason("lost").equals("PoolNotFound"));

        var other = operator.plane.newNamespace("closed");
        operator.plane.kubectl().ok("-n", other, "apply", "-f", "src/test/resources/crds/valid-pool-minimal.yaml");
        session("stranger", "poolRef: {name: minimal, namespace: " + other + "}");
        patiently().until(() -> reason("stranger").equals("CrossNamespaceForbidden"));
        operator.plane.kubectl().ok("-n", other, "delete", "bp", "minimal", "--timeout=30s");
    }

    @Test
    void terminateEndsItAndTheObjectSaysWhy() {
        operator.pool("brief", 1, "");
        operator.awaitWarm("brief", 1);
        session("ending", "poolRef: {name: brief}");
        operator.kubectl("wait", "bs/ending", "--for=condition=Ready", "--timeout=20s");

        operator.kubectl("patch", "bs", "ending", "--type=merge", "-p", "{\"spec\":{\"terminate\":true}}");

        operator.kubectl("wait", "bs/ending", "--for=condition=Finished", "--timeout=20s");
        assertThat(operator.kubectl("get", "bs", "ending", "-o", "jsonpath={.status.endReason}"))
                .isEqualTo("Released");
    }

    @Test
    void anEndElsewhereIsToldByTheObject() {
        operator.pool("idle", 1, "");
        operator.awaitWarm("idle", 1);
        session("left", "poolRef: {name: idle}");
        operator.kubectl("wait", "bs/left", "--for=condition=Ready", "--timeout=20s");
        var live = operator.sessions
                .list(operator.namespace, new Filter(true, null, 1))
                .getFirst();

        operator.sessions.end(live.id(), null, EndReason.IDLE);

        patiently()
                .atMost(Duration.ofSeconds(10))
                .until(() -> operator.kubectl("get", "bs", "left", "-o", "jsonpath={.status.endReason}")
                        .equals("Idle"));
    }

    private void session(String name, String what) {
        operator.apply("""
                apiVersion: hearth.dev/v1alpha1
                kind: BrowserSession
                metadata: {name: %s}
                spec:
                  %s
                """.formatted(name, what));
    }

    private String reason(String name) {
        return operator.kubectl("get", "bs", name, "-o", "jsonpath={.status.conditions[?(@.type==\"Ready\")].reason}");
    }
}
