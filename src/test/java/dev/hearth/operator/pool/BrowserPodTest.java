package dev.hearth.operator.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.api.v1alpha1.BrowserPool;
import dev.hearth.operator.OperatorSettings.AgentSettings;
import dev.hearth.pool.SupplyStore.NewBrowser;
import dev.hearth.testing.Answers;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The pod, field by field: whoever changes it sees here what every browser becomes. */
class BrowserPodTest {
    private static final Path GOLDEN = Path.of("src/test/resources/BrowserPodTest/full.yaml");
    private static final AgentSettings SETTINGS = new AgentSettings(
            "hearth.dev/hearth:1",
            List.of("/opt/hearth/bin/agent"),
            "/usr/bin/chromium",
            "gateway:9400",
            "MCow",
            Optional.empty(),
            true);
    private static final NewBrowser BROWSER = new NewBrowser(new UUID(1, 2), "full-bcdfg", "beat-secret");

    private final KubernetesSerialization yaml = new KubernetesSerialization();

    @Test
    @Answers({"docker-selenium#589", "browserless#5525"})
    void isWhatTheGoldenFileSays() throws IOException {
        var text = yaml.asYaml(new BrowserPod(pool("valid-pool-full.yaml"), SETTINGS).of(BROWSER, "0123456789"));
        if (Boolean.getBoolean("hearth.golden.write")) {
            Files.writeString(GOLDEN, text);
        }
        assertThat(text).isEqualTo(Files.readString(GOLDEN));
    }

    @Test
    void neverWeakensChromesSandboxAndHasNoOwner() throws IOException {
        var pod = new BrowserPod(pool("valid-pool-minimal.yaml"), SETTINGS).of(BROWSER, "r");
        assertThat(yaml.asYaml(pod)).doesNotContain("--no-sandbox").doesNotContain("ownerReferences");
        assertThat(pod.getSpec().getContainers().getFirst().getEnv())
                .as("only the agent may have the token")
                .noneMatch(variable -> variable.getName().startsWith("HEARTH_"));
    }

    @Test
    void aSeccompProfileIsChromesAlone() throws IOException {
        var settings = new AgentSettings(
                SETTINGS.image(),
                SETTINGS.command(),
                SETTINGS.browserCommand(),
                SETTINGS.ingest(),
                SETTINGS.grantKeys(),
                Optional.of("hearth/hearth-chromium.json"),
                SETTINGS.bindRegion());
        var spec = new BrowserPod(pool("valid-pool-minimal.yaml"), settings)
                .of(BROWSER, "r")
                .getSpec();
        var chrome = spec.getContainers().getFirst().getSecurityContext().getSeccompProfile();
        assertThat(chrome.getType()).isEqualTo("Localhost");
        assertThat(chrome.getLocalhostProfile()).isEqualTo("hearth/hearth-chromium.json");
        assertThat(spec.getInitContainers().getFirst().getSecurityContext().getSeccompProfile())
                .isNull();
        assertThat(spec.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
    }

    @Test
    void aGuardedBrowserGoesOutThroughItsOwnAgentOnly() throws IOException {
        var pool = new BrowserPod(pool("valid-pool-guarded.yaml"), SETTINGS);
        var spec = pool.of(BROWSER, "r").getSpec();
        var agent = spec.getInitContainers().getFirst().getEnv();
        var listen = agent.stream()
                .filter(variable -> variable.getName().equals("HEARTH_EGRESS_LISTEN"))
                .findFirst()
                .orElseThrow()
                .getValue();
        assertThat(listen).startsWith("127.").endsWith(":9223");
        assertThat(agent)
                .anyMatch(variable -> variable.getName().equals("HEARTH_EGRESS_ALLOW")
                        && variable.getValue().equals("10.1.2.0/24,fd00::7"));
        assertThat(spec.getContainers().getFirst().getArgs())
                .endsWith("about:blank")
                .contains(
                        "--proxy-server=http://" + listen,
                        "--proxy-bypass-list=<-loopback>",
                        "--webrtc-ip-handling-policy=disable_non_proxied_udp",
                        "--disable-quic");
        var other = pool.of(new NewBrowser(new UUID(1, 3), "x", "y"), "r").getSpec();
        assertThat(other.getContainers().getFirst().getArgs()).doesNotContain("--proxy-server=http://" + listen);
    }

    @Test
    void theRevisionFollowsTheShapeAndNothingElse() throws IOException {
        var minimal = revision(pool("valid-pool-minimal.yaml"));
        var again = pool("valid-pool-minimal.yaml");
        again.getMetadata().setUid(new UUID(7, 7).toString());
        again.getMetadata().setResourceVersion("99");
        assertThat(revision(again)).isEqualTo(minimal);
        assertThat(revision(pool("valid-pool-guarded.yaml"))).isNotEqualTo(minimal);
        assertThat(revision(pool("valid-pool-full.yaml"))).isNotEqualTo(minimal).hasSize(10);
    }

    private static String revision(BrowserPool pool) {
        return Revisions.of(new BrowserPod(pool, SETTINGS).blueprint());
    }

    private BrowserPool pool(String file) throws IOException {
        var pool = yaml.unmarshal(Files.readString(Path.of("src/test/resources/crds", file)), BrowserPool.class);
        pool.getMetadata().setUid(new UUID(0, 9).toString());
        pool.getMetadata().setNamespace("team");
        return pool;
    }
}
