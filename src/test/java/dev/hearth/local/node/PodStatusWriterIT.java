package dev.hearth.local.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.hearth.local.node.PodStatusWriter.Outcome;
import dev.hearth.testing.kube.TestControlPlane;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.PodResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a real API server's refusals mean: whether a report is for nobody, or still to be heard. */
class PodStatusWriterIT {
    private static final PodStatus RUNNING =
            new PodStatusBuilder().withPhase("Running").build();

    private final TestControlPlane plane = TestControlPlane.shared();
    private final KubernetesClient client = plane.client();
    private final String namespace = plane.newNamespace("reports");
    private final PodStatusWriter writer = new PodStatusWriter(client);

    @AfterEach
    void close() {
        client.close();
    }

    @Test
    void aPodIsReportedUntilItIsRemoved() {
        var pod = create();

        assertThat(writer.write(pod, RUNNING)).isEqualTo(Outcome.WRITTEN);
        assertThat(here().get().getStatus().getPhase()).isEqualTo("Running");
        assertThat(writer.remove(pod)).isEqualTo(Outcome.WRITTEN);
        assertThat(here().get()).isNull();

        assertThat(writer.write(pod, RUNNING)).isEqualTo(Outcome.GONE);
        assertThat(writer.remove(pod)).isEqualTo(Outcome.GONE);
    }

    @Test
    void anotherPodOfTheSameNameIsLeftAlone() {
        var before = create();
        writer.remove(before);
        var now = create();

        assertThat(writer.write(before, RUNNING)).isEqualTo(Outcome.GONE);
        assertThat(writer.remove(before)).isEqualTo(Outcome.GONE);
        assertThat(here().get().getMetadata().getUid())
                .isEqualTo(now.getMetadata().getUid());
        assertThat(here().get().getStatus().getPhase()).isEqualTo("Pending");
    }

    @Test
    void aConflictWithAnotherWriterIsTriedAgain() {
        var outdated = new PodBuilder(create())
                .editMetadata()
                .withResourceVersion("1")
                .addToLabels("seen", "long-ago")
                .endMetadata()
                .build();

        var conflict = catchThrowableOfType(
                KubernetesClientException.class, () -> client.resource(outdated).update());

        assertThat(conflict.getCode()).isEqualTo(409);
        assertThat(PodStatusWriter.outcome(conflict)).isEqualTo(Outcome.FAILED);
    }

    /** On no node: nobody but this test looks after it. */
    private Pod create() {
        return client.resource(new PodBuilder()
                        .withNewMetadata()
                        .withName("reported")
                        .withNamespace(namespace)
                        .endMetadata()
                        .withNewSpec()
                        .addNewContainer()
                        .withName("main")
                        .withImage("none")
                        .endContainer()
                        .endSpec()
                        .build())
                .create();
    }

    private PodResource here() {
        return client.pods().inNamespace(namespace).withName("reported");
    }
}
