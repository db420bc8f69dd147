package dev.hearth.local.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hearth.local.LocalFailure;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlPlaneIT {
    @TempDir
    Path directory;

    private final KubernetesBinaries binaries = KubernetesBinaries.find(System.getenv());

    @Test
    void objectsSurviveARestartAndDeletedNamespacesGo() throws Exception {
        try (var plane = ControlPlane.start(binaries, directory, EnumSet.allOf(ControlPlane.Part.class));
                var client = client(plane)) {
            client.resource(namespace("kept")).create();
            client.resource(namespace("gone")).create();
            client.namespaces().withName("gone").delete();
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> client.namespaces().withName("gone").get() == null);
            assertThat(plane.dead()).isEmpty();
        }

        try (var again = ControlPlane.start(binaries, directory, Set.of());
                var client = client(again)) {
            assertThat(client.namespaces().withName("kept").get()).isNotNull();
        }
    }

    @Test
    void theKubeconfigIsReadableByItsOwnerOnly() throws Exception {
        try (var plane = ControlPlane.start(binaries, directory, Set.of())) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(plane.kubeconfig())))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void aMissingProgramIsNamedWithTheCure() {
        assertThatThrownBy(() -> KubernetesBinaries.find(Map.of("HEARTH_KUBERNETES_BINARIES", directory.toString())))
                .isInstanceOf(LocalFailure.class)
                .hasMessageContaining("etcd is not in")
                .hasMessageContaining("scripts/kubernetes-binaries");
    }

    private static io.fabric8.kubernetes.api.model.Namespace namespace(String name) {
        return new NamespaceBuilder()
                .withNewMetadata()
                .withName(name)
                .endMetadata()
                .build();
    }

    private static KubernetesClient client(ControlPlane plane) throws Exception {
        return new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(Files.readString(plane.kubeconfig())))
                .build();
    }
}
