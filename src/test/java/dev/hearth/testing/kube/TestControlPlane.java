package dev.hearth.testing.kube;

import dev.hearth.local.kube.ControlPlane;
import dev.hearth.local.kube.KubernetesBinaries;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * One control plane per test JVM, with Hearth's CRDs, garbage collection and namespace deletion, without scheduler and
 * kubelet. Tests share it, so each works in a namespace of its own.
 */
public final class TestControlPlane {
    private static @Nullable TestControlPlane shared;

    private final ControlPlane plane;
    private final Kubectl kubectl;
    private final AtomicInteger namespaces = new AtomicInteger();

    private TestControlPlane(ControlPlane plane) {
        this.plane = plane;
        this.kubectl = new Kubectl(plane.binaries().kubectl(), plane.kubeconfig());
    }

    public static synchronized TestControlPlane shared() {
        if (shared == null) {
            try {
                var directory = Files.createTempDirectory("hearth-test-control-plane");
                var plane = ControlPlane.start(
                        KubernetesBinaries.find(System.getenv()), directory, EnumSet.of(ControlPlane.Part.CONTROLLERS));
                Runtime.getRuntime().addShutdownHook(new Thread(plane::close));
                shared = new TestControlPlane(plane);
                shared.installCrds();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return shared;
    }

    public Kubectl kubectl() {
        return kubectl;
    }

    /** A client of its own; the caller closes it. */
    public KubernetesClient client() {
        try {
            return new KubernetesClientBuilder()
                    .withConfig(Config.fromKubeconfig(Files.readString(plane.kubeconfig())))
                    .build();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A namespace that no other test uses. */
    public String newNamespace(String prefix) {
        var name = prefix + "-" + namespaces.incrementAndGet();
        kubectl.ok("create", "namespace", name);
        return name;
    }

    private void installCrds() {
        kubectl.ok("apply", "-f", Path.of("crds").toString());
        // A CRD that was applied a moment ago has no conditions yet, and kubectl takes that for an error.
        Awaitility.await("CRDs to be established")
                .atMost(Duration.ofSeconds(30))
                .until(() -> kubectl.run(
                                        "wait",
                                        "--for=condition=Established",
                                        "crd/browserpools.hearth.dev",
                                        "crd/browsersessions.hearth.dev")
                                .exitCode()
                        == 0);
        // Discovery of new kinds lags their establishment by a moment.
        Awaitility.await().until(() -> kubectl.run("get", "bp,bs", "-A").exitCode() == 0);
    }
}
