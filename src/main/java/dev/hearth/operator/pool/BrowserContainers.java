package dev.hearth.operator.pool;

import dev.hearth.api.v1alpha1.Amounts;
import dev.hearth.api.v1alpha1.BrowserPoolSpec;
import dev.hearth.api.v1alpha1.Egress;
import dev.hearth.api.v1alpha1.PullPolicy;
import dev.hearth.api.v1alpha1.Reuse;
import dev.hearth.operator.DurationText;
import dev.hearth.operator.OperatorSettings.AgentSettings;
import dev.hearth.pool.SupplyStore.NewBrowser;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSecurityContextBuilder;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.fabric8.kubernetes.api.model.SeccompProfileBuilder;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.SecurityContextBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The two containers of a browser's pod: the agent as a native sidecar, so that it is there before Chrome and after it. */
record BrowserContainers(BrowserPoolSpec wish, AgentSettings settings) {
    static final int AGENT_PORT = 9222;

    private static final int GUARD_PORT = 9223;

    /** Not root, and the same for both: they share a directory. */
    private static final long USER = 10_001;

    Container agent(NewBrowser browser) {
        return new ContainerBuilder()
                .withName("agent")
                .withImage(settings.image())
                .withCommand(settings.command())
                .withRestartPolicy("Always")
                .withEnv(agentEnvironment(browser))
                .addNewPort()
                .withName("agent")
                .withContainerPort(AGENT_PORT)
                .withProtocol("TCP")
                .endPort()
                .withReadinessProbe(ready())
                .withResources(new ResourceRequirementsBuilder()
                        .addToRequests("cpu", new Quantity("10m"))
                        .addToRequests("memory", new Quantity("48Mi"))
                        .addToLimits("memory", new Quantity("256Mi"))
                        .build())
                .withSecurityContext(restricted())
                .withVolumeMounts(mount("shared", BrowserPod.SHARED), mount("tmp", "/tmp"))
                .build();
    }

    Container browser(NewBrowser browser) {
        var guard = wish.egress() == Egress.GUARDED ? guardAddress(browser) : null;
        var named = wish.browser().command();
        var program = named == null ? settings.browserCommand() : named;
        var environment = new ArrayList<>(List.of(plain("HOME", BrowserPod.SHARED), plain("TMPDIR", "/tmp")));
        wish.browser().env().forEach(variable -> {
            environment.removeIf(own -> own.getName().equals(variable.name()));
            environment.add(plain(variable.name(), variable.value()));
        });
        return new ContainerBuilder()
                .withName("browser")
                .withImage(wish.browser().image())
                .withImagePullPolicy(pullPolicy(wish.browser().imagePullPolicy()))
                .withCommand(wish.reuse() == Reuse.RESET ? ChromeKeeper.command(program) : List.of(program))
                .withArgs(ChromeArguments.of(wish.browser().args(), guard))
                .withEnv(environment)
                .withResources(resources())
                .withSecurityContext(sandboxed())
                .withVolumeMounts(mount("shared", BrowserPod.SHARED), mount("tmp", "/tmp"), mount("shm", "/dev/shm"))
                .build();
    }

    PodSecurityContext podSecurity() {
        return new PodSecurityContextBuilder()
                .withRunAsNonRoot(true)
                .withRunAsUser(USER)
                .withRunAsGroup(USER)
                .withFsGroup(USER)
                .withNewSeccompProfile()
                .withType("RuntimeDefault")
                .endSeccompProfile()
                .build();
    }

    private List<EnvVar> agentEnvironment(NewBrowser browser) {
        var environment = new ArrayList<>(List.of(
                plain("HEARTH_BROWSER", browser.id().toString()),
                plain("HEARTH_BEAT_TOKEN", browser.beatToken()),
                fromField("HEARTH_POD_UID", "metadata.uid"),
                fromField("HEARTH_POD_IP", "status.podIP"),
                plain("HEARTH_INGEST", settings.ingest()),
                plain("HEARTH_GRANT_KEYS", settings.grantKeys()),
                plain("HEARTH_CHROME_DIR", BrowserPod.PROFILE)));
        if (wish.egress() == Egress.GUARDED) {
            environment.add(plain("HEARTH_EGRESS_LISTEN", guardAddress(browser)));
            environment.add(plain("HEARTH_EGRESS_ALLOW", String.join(",", wish.egressAllow())));
        }
        if (wish.reuse() == Reuse.RESET) {
            var patience = DurationText.parse(wish.reset().timeout());
            environment.add(plain("HEARTH_RESET_MARK", ChromeKeeper.MARK));
            environment.add(plain("HEARTH_RESET_SECONDS", Long.toString(patience.toSeconds())));
        }
        return environment;
    }

    /**
     * A loopback address of the browser's own, so that both sides know it before either is started, and browsers that share a
     * machine's loopback do not meet. Should two meet nevertheless, the later agent cannot listen and never gets ready.
     */
    private static String guardAddress(NewBrowser browser) {
        var own = browser.id().hashCode();
        return "127.%d.%d.%d:%d".formatted(128 + (own >>> 16 & 0x7f), own >>> 8 & 0xff, 1 + (own & 0x7f), GUARD_PORT);
    }

    /** No startup probe: as a sidecar's it would hold Chrome back, which it waits for. */
    private static Probe ready() {
        return new ProbeBuilder()
                .withNewHttpGet()
                .withPath("/readyz")
                .withNewPort(AGENT_PORT)
                .endHttpGet()
                .withPeriodSeconds(1)
                .withTimeoutSeconds(2)
                .withFailureThreshold(3)
                .build();
    }

    private ResourceRequirements resources() {
        return new ResourceRequirementsBuilder()
                .withRequests(amounts(wish.resources().requests()))
                .withLimits(amounts(wish.resources().limits()))
                .build();
    }

    private static Map<String, Quantity> amounts(@Nullable Amounts amounts) {
        var map = new LinkedHashMap<String, Quantity>();
        if (amounts != null) {
            put(map, "cpu", amounts.cpu());
            put(map, "memory", amounts.memory());
            put(map, "ephemeral-storage", amounts.ephemeralStorage());
        }
        return map;
    }

    private static void put(Map<String, Quantity> map, String name, @Nullable Quantity amount) {
        if (amount != null) {
            map.put(name, amount);
        }
    }

    /** The runtime's profile forbids the namespaces of Chrome's sandbox on many clusters; Chrome alone gets a wider one. */
    private SecurityContext sandboxed() {
        var context = restricted();
        settings.seccompProfile()
                .ifPresent(file -> context.setSeccompProfile(new SeccompProfileBuilder()
                        .withType("Localhost")
                        .withLocalhostProfile(file)
                        .build()));
        return context;
    }

    private static SecurityContext restricted() {
        return new SecurityContextBuilder()
                .withAllowPrivilegeEscalation(false)
                .withReadOnlyRootFilesystem(true)
                .withNewCapabilities()
                .withDrop("ALL")
                .endCapabilities()
                .build();
    }

    private static String pullPolicy(PullPolicy policy) {
        return switch (policy) {
            case ALWAYS -> "Always";
            case IF_NOT_PRESENT -> "IfNotPresent";
            case NEVER -> "Never";
        };
    }

    private static EnvVar plain(String name, String value) {
        return new EnvVarBuilder().withName(name).withValue(value).build();
    }

    private static EnvVar fromField(String name, String path) {
        return new EnvVarBuilder()
                .withName(name)
                .withNewValueFrom()
                .withNewFieldRef()
                .withFieldPath(path)
                .endFieldRef()
                .endValueFrom()
                .build();
    }

    private static VolumeMount mount(String name, String path) {
        return new VolumeMountBuilder().withName(name).withMountPath(path).build();
    }
}
