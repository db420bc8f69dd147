package dev.hearth.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.testing.kube.Kubectl;
import dev.hearth.testing.kube.TestControlPlane;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every rule of the CRDs, asked of a real API server by the real kubectl, answered in the words that users read. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CustomResourceValidationIT {
    private static final Path FILES = Path.of("src/test/resources/crds");
    private static final Path SAMPLES = Path.of("manifests");
    private static final String EXPECT = "# expect: ";

    private final Kubectl kubectl = TestControlPlane.shared().kubectl();
    private String namespace = "";

    @BeforeAll
    void prepare() {
        namespace = TestControlPlane.shared().newNamespace("validation");
    }

    @ParameterizedTest
    @MethodSource
    void accepts(Path file) {
        var answer = kubectl.run("-n", namespace, "apply", "-f", file.toString());
        assertThat(answer.exitCode()).as(answer.text()).isZero();
        assertThat(answer.text()).contains("created");
        assertThat(kubectl.ok("-n", namespace, "delete", "--wait=false", "-f", file.toString()))
                .contains("deleted");
    }

    /** What users copy is held to the same. */
    static List<Path> accepts() throws IOException {
        // install.yaml is no sample: it is the chart, with a namespace of its own.
        return Stream.concat(files(FILES, "valid-").stream(), files(SAMPLES, "").stream())
                .filter(file -> !file.endsWith("install.yaml"))
                .toList();
    }

    @ParameterizedTest
    @MethodSource
    void refuses(Path file) throws IOException {
        var first = Files.readAllLines(file).getFirst();
        assertThat(first).startsWith(EXPECT);

        var answer = kubectl.run("-n", namespace, "apply", "-f", file.toString());

        assertThat(answer.exitCode()).as(answer.text()).isNotZero();
        assertThat(answer.text()).contains(first.substring(EXPECT.length()));
    }

    static List<Path> refuses() throws IOException {
        return files(FILES, "invalid-");
    }

    @ParameterizedTest
    @MethodSource
    void refusesToChange(Change change) throws IOException {
        var file = FILES.resolve(change.file());
        kubectl.ok("-n", namespace, "apply", "-f", file.toString());
        try {
            var answer =
                    kubectl.run("-n", namespace, "patch", "-f", file.toString(), "--type=merge", "-p", change.patch());
            assertThat(answer.exitCode()).as(answer.text()).isNotZero();
            assertThat(answer.text()).contains(change.message());
        } finally {
            kubectl.ok("-n", namespace, "delete", "--wait=false", "-f", file.toString());
        }
    }

    static Stream<Change> refusesToChange() {
        return Stream.of(
                new Change("valid-pool-minimal.yaml", "{\"spec\":{\"region\":\"us-east\"}}", "region is immutable"),
                new Change(
                        "valid-session-by-pool.yaml",
                        "{\"spec\":{\"poolRef\":{\"name\":\"other\"}}}",
                        "poolRef and selector are immutable"),
                new Change("valid-session-by-pool.yaml", "{\"spec\":{\"timeout\":\"2h\"}}", "timeout, idleTimeout"),
                new Change(
                        "valid-session-ending.yaml",
                        "{\"spec\":{\"terminate\":false}}",
                        "terminate cannot be taken back"));
    }

    @Test
    void fillsInTheSameDefaultsAsTheRecords() {
        kubectl.ok(
                "-n",
                namespace,
                "apply",
                "-f",
                FILES.resolve("valid-pool-minimal.yaml").toString());
        try (var client = TestControlPlane.shared().client()) {
            var stored = client.resources(BrowserPool.class)
                    .inNamespace(namespace)
                    .withName("minimal")
                    .require()
                    .getSpec();
            var written = client.getKubernetesSerialization()
                    .unmarshal(Files.readString(FILES.resolve("valid-pool-minimal.yaml")), BrowserPool.class)
                    .getSpec();
            assertThat(stored).isEqualTo(written);
            var raw = kubectl.ok("-n", namespace, "get", "bp", "minimal", "-o", "jsonpath={.spec}");
            assertThat(raw).contains("\"replicas\":1", "\"deletionPolicy\":\"Drain\"", "\"connectTimeout\":\"5m\"");
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } finally {
            kubectl.ok("-n", namespace, "delete", "bp", "minimal", "--wait=false");
        }
    }

    @Test
    void showsRegionAndCountsFirstAndAgeLast() {
        kubectl.ok(
                "-n",
                namespace,
                "apply",
                "-f",
                FILES.resolve("valid-pool-full.yaml").toString());
        var table = kubectl.ok("-n", namespace, "get", "bp").lines().findFirst().orElseThrow();
        assertThat(table.split("\\s+"))
                .containsExactly("NAME", "REGION", "DESIRED", "WARM", "STARTING", "CLAIMED", "UPDATED", "READY", "AGE");
        assertThat(kubectl.ok("-n", namespace, "get", "bp", "--field-selector", "spec.region=nowhere"))
                .contains("No resources found");
        kubectl.ok("-n", namespace, "delete", "bp", "full", "--wait=false");
    }

    private static List<Path> files(Path folder, String prefix) throws IOException {
        try (var files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().startsWith(prefix))
                    .filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .toList();
        }
    }

    record Change(String file, String patch, String message) {}
}
