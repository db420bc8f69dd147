package dev.hearth.operator.record;

import static dev.hearth.operator.TestOperator.patiently;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.claim.ClaimOutcome.Granted;
import dev.hearth.claim.ClaimRequest;
import dev.hearth.claim.EndReason;
import dev.hearth.claim.Session;
import dev.hearth.claim.SessionIds;
import dev.hearth.claim.SessionStore.Filter;
import dev.hearth.operator.TestOperator;
import dev.hearth.testing.FakeStore;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Sessions that nobody declared, seen by kubectl; records stay for 5 s here. */
class SessionMirrorIT {
    private final TestOperator operator = new TestOperator("records");

    @AfterEach
    void stop() {
        try {
            // A pool waits for its sessions.
            operator.sessions
                    .list(operator.namespace, new Filter(true, null, 10))
                    .forEach(session -> operator.sessions.end(session.id(), null, EndReason.RELEASED));
            operator.kubectl("delete", "bp,bs", "--all", "--timeout=30s");
        } finally {
            operator.close();
        }
    }

    @Test
    void aSessionClaimedOverHttpIsAnObjectFromItsClaimUntilSomeTimeAfterItsEnd() {
        operator.pool("seen", 1, "  sessionRecords: All");
        operator.awaitWarm("seen", 1);
        var session = claim("seen");
        var name = "http-" + session.id();

        patiently().until(() -> field(name, "{.status.phase}").equals("Running"));
        assertThat(field(name, "{.status.sessionId} {.spec.poolRef.name} {.metadata.finalizers}")
                        .strip())
                .isEqualTo(session.id() + " seen");
        assertThat(field(name, "{.status}")).doesNotContain("ws://", "token");

        var states = ConcurrentHashMap.<String>newKeySet();
        // A watch: it stays for so short that two looks may be before it and after.
        try (var _ = operator.client
                .genericKubernetesResources("hearth.dev/v1alpha1", "BrowserSession")
                .inNamespace(operator.namespace)
                .withName(name)
                .watch(new States(states))) {
            operator.sessions.end(session.id(), null, EndReason.IDLE);
            patiently().until(() -> states.contains("Finished Idle"));
        }
        patiently().until(() -> field(name, "{.metadata.name}").isEmpty());
    }

    @Test
    void aRecordMakesNoClaimAndDeletingItEndsNothing() {
        operator.pool("seen", 2, "  sessionRecords: All");
        operator.awaitWarm("seen", 2);
        var session = claim("seen");
        var name = "http-" + session.id();
        patiently().until(() -> field(name, "{.status.phase}").equals("Running"));

        operator.kubectl("delete", "bs", name, "--timeout=20s");

        assertThat(operator.sessions
                        .find(operator.namespace, session.id())
                        .orElseThrow()
                        .isLive())
                .isTrue();
        patiently().until(() -> field(name, "{.status.phase}").equals("Running"));
        assertThat(operator.sessions.list(operator.namespace, new Filter(true, null, 10)))
                .hasSize(1);
    }

    @Test
    void aDeclaredSessionHasItsOwnObjectAndNoSecond() {
        operator.pool("seen", 2, "  sessionRecords: All");
        operator.awaitWarm("seen", 2);
        operator.apply("""
                apiVersion: hearth.dev/v1alpha1
                kind: BrowserSession
                metadata: {name: mine}
                spec:
                  poolRef: {name: seen}
                """);
        operator.kubectl("wait", "bs/mine", "--for=condition=Ready", "--timeout=20s");
        var other = claim("seen");
        patiently().until(() -> field("http-" + other.id(), "{.status.phase}").equals("Running"));

        assertThat(operator.kubectl("get", "bs", "-o", "name").lines()).hasSize(2);
    }

    @Test
    void withoutTheWordThereAreNone() {
        operator.pool("unseen", 1, "");
        operator.pool("seen", 1, "  sessionRecords: All");
        operator.awaitWarm("unseen", 1);
        operator.awaitWarm("seen", 1);
        claim("unseen");
        var seen = claim("seen");
        patiently().until(() -> field("http-" + seen.id(), "{.status.phase}").equals("Running"));

        assertThat(operator.kubectl("get", "bs", "-o", "name").lines()).hasSize(1);
    }

    private record States(Set<String> seen) implements Watcher<GenericKubernetesResource> {
        @Override
        public void eventReceived(Action action, GenericKubernetesResource object) {
            seen.add(object.get("status", "phase") + " " + object.get("status", "endReason"));
        }

        @Override
        public void onClose(WatcherException cause) {
            throw new IllegalStateException(cause);
        }
    }

    private String field(String name, String path) {
        return operator.kubectl("get", "bs", name, "--ignore-not-found", "-o", "jsonpath=" + path);
    }

    private Session claim(String pool) {
        var id = operator.uid(pool);
        return ((Granted) operator.sessions
                        .claim(List.of(new ClaimRequest(
                                SessionIds.mint(7, Instant.now()),
                                operator.namespace,
                                List.of(new ClaimRequest.Candidate(id, "eu-west", FakeStore.TERMS)),
                                null,
                                "{}",
                                null)))
                        .getFirst())
                .session();
    }
}
