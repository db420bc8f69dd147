package dev.hearth.api.v1alpha1;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crd.generator.annotation.PrinterColumn;
import io.fabric8.crd.generator.annotation.SelectableField;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.model.annotation.SpecReplicas;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a user wants of a pool. Defaults are in the schema and, equal, in the compact constructor (a test compares them). */
@JsonIgnoreProperties(ignoreUnknown = true)
@ValidationRule(
        value = "self.region == oldSelf.region",
        message = "region is immutable; create another pool for another region",
        fieldPath = ".region")
@ValidationRule(
        value = "!has(self.limits.maxBrowsers) || self.replicas <= self.limits.maxBrowsers",
        message = "replicas must be at most limits.maxBrowsers",
        fieldPath = ".replicas")
@ValidationRule(
        value = "!has(self.autoscaling) || !has(self.limits.maxBrowsers)"
                + " || self.autoscaling.minReplicas <= self.limits.maxBrowsers",
        message = "autoscaling.minReplicas must be at most limits.maxBrowsers",
        fieldPath = ".autoscaling.minReplicas")
@ValidationRule(
        value = "!(self.region in self.fallbackRegions)",
        message = "fallbackRegions must not name the pool's own region",
        fieldPath = ".fallbackRegions")
@ValidationRule(
        value = "self.fallbackRegions.all(r, self.fallbackRegions.exists_one(o, o == r))",
        message = "fallbackRegions must be unique",
        fieldPath = ".fallbackRegions")
@ValidationRule(
        value = "!isQuantity(string(self.shmSize)) || quantity(string(self.shmSize)).isGreaterThan(quantity('0'))",
        message = "shmSize must be more than 0",
        fieldPath = ".shmSize")
@ValidationRule(
        value = "isQuantity(string(self.shmSize))",
        message = "shmSize must be a quantity like 512Mi",
        fieldPath = ".shmSize")
@ValidationRule(
        value = "!has(self.resources.limits) || !has(self.resources.limits.memory)"
                + " || !isQuantity(string(self.resources.limits.memory)) || !isQuantity(string(self.shmSize))"
                + " || quantity(string(self.shmSize)).isLessThan(quantity(string(self.resources.limits.memory)))",
        message = "shmSize must be less than resources.limits.memory, which it counts against",
        fieldPath = ".shmSize")
@ValidationRule(
        value = "self.egress == 'Guarded' || self.egressAllow.size() == 0",
        message = "egressAllow needs egress: Guarded",
        fieldPath = ".egressAllow")
@ValidationRule(
        value = "self.egress != 'Guarded' || self.browser.args.all(a, !a.matches('^--(.*webrtc.*|enable-quic"
                + "|origin-to-force-quic-on|host-.*|dns-.*)(=|$)'))",
        message = "browser.args must not open ways around the guard (--*webrtc*, --enable-quic, --host-*, --dns-*)",
        fieldPath = ".browser.args")
@ValidationRule(
        value = "!has(self.maxAge)"
                + " || (duration(self.maxAge) >= duration('1m') && duration(self.maxAge) <= duration('8760h'))",
        message = "maxAge must be between 1m and 8760h",
        fieldPath = ".maxAge")
@ValidationRule(
        value = "self.reuse == 'Reset' || (self.reset.maxUses == 20 && self.reset.timeout == '15s')",
        message = "reset needs reuse: Reset",
        fieldPath = ".reset")
public record BrowserPoolSpec(
        @JsonPropertyDescription(
                "Region the browsers run in: value of the node label topology.kubernetes.io/region." + " Immutable.")
        @Required
        @Size(min = 1, max = 63)
        @Pattern("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$")
        @PrinterColumn(name = "Region")
        @SelectableField
        String region,

        @JsonPropertyDescription("Unclaimed browsers to keep: warm and starting ones. Claimed browsers come on top. Not"
                + " heeded with autoscaling.")
        @Default("1")
        @Min(0)
        @Max(10_000)
        @SpecReplicas
        Integer replicas,

        @JsonPropertyDescription("Has the pool keep more or fewer unclaimed browsers as more or fewer are claimed, in"
                + " place of replicas.")
        @Nullable
        Autoscaling autoscaling,

        @JsonPropertyDescription("Hard ceilings.") @Default("{}")
        PoolLimits limits,

        @JsonPropertyDescription("The browser itself.") @Required
        ChromeSpec browser,

        @JsonPropertyDescription("Compute resources of the browser's container.") @Default("{}")
        BrowserResources resources,

        @JsonPropertyDescription("Size of /dev/shm, in memory; it counts against the container's memory limit.")
        @Default("512Mi")
        Quantity shmSize,

        @JsonPropertyDescription("Where the browsers' pods may run.") @Default("{}")
        Scheduling scheduling,

        @JsonPropertyDescription(
                "How browsers reach the network. Guarded: through their agents only, which refuse private addresses and"
                        + " keep to a session's allowedDomains and proxies.")
        @Default("Direct")
        Egress egress,

        @JsonPropertyDescription(
                "Address blocks that guarded browsers may reach though they are not public: an internal site, a"
                        + " proxy in the cluster.")
        @Default("[]")
        @Size(max = 32)
        List<@Size(min = 1, max = 64) @Pattern(CIDR) String> egressAllow,

        @JsonPropertyDescription("Terms of a session where its claim names none.") @Default("{}")
        SessionDefaults sessionDefaults,

        @JsonPropertyDescription("Regions tried, in this order, when a claim for this region finds none warm.")
        @Default("[]")
        @Size(max = 16)
        List<@Size(min = 1, max = 63) @Pattern("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$") String> fallbackRegions,

        @JsonPropertyDescription(
                "Its part of the claims that pools of this region serve together, like 5 % for a canary; without it"
                        + " they are asked in order of their names.")
        @Nullable
        Traffic traffic,

        @JsonPropertyDescription("Other projects (namespaces) that may claim from this pool; * opens it to all.")
        @Default("[]")
        @Size(max = 256)
        List<@Size(min = 1, max = 63) @Pattern("^(\\*|[a-z0-9]([-a-z0-9]*[a-z0-9])?)$") String> allowedProjects,

        @JsonPropertyDescription("How browsers of an older shape are replaced. Claimed ones never are.") @Default("{}")
        UpdateStrategy updateStrategy,

        @JsonPropertyDescription(
                "Browsers older than this, or up to a tenth less, are replaced one after the other though"
                        + " nobody claims them; a claimed one goes after its session. Without it no browser is too old.")
        @Size(min = 2, max = 16)
        @Pattern("^([1-9][0-9]*h)?([1-9][0-9]*m)?([1-9][0-9]*s)?$")
        @Nullable
        String maxAge,

        @JsonPropertyDescription(
                "What becomes of a browser after its session. Never: it goes, with its pod. Reset: Chrome"
                        + " and its profile are replaced within the pod, which serves the next one.")
        @Default("Never")
        Reuse reuse,

        @JsonPropertyDescription("With reuse: Reset.") @Default("{}")
        Reset reset,

        @JsonPropertyDescription("Stops starting and retiring browsers; claims and sessions go on.") @Default("false")
        Boolean paused,

        @JsonPropertyDescription(
                "Which sessions are BrowserSession objects: those declared as one, or All, claimed over HTTP"
                        + " too, as far as they fit into 20 writes a second.")
        @Default("Declared")
        SessionRecords sessionRecords,

        @JsonPropertyDescription(
                "What deleting the pool does to its sessions: Drain waits for them, Terminate ends" + " them.")
        @Default("Drain")
        DeletionPolicy deletionPolicy) {

    /** Kubernetes checks such blocks itself from 1.31 on only. What is out of range the agent refuses. */
    private static final String CIDR = "^([0-9]{1,3}([.][0-9]{1,3}){3}|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*)(/[0-9]{1,3})?$";

    public BrowserPoolSpec {
        replicas = requireNonNullElse(replicas, 1);
        limits = requireNonNullElse(limits, new PoolLimits(null, null));
        resources = requireNonNullElse(resources, new BrowserResources(null, null));
        shmSize = requireNonNullElse(shmSize, new Quantity("512Mi"));
        scheduling = requireNonNullElse(scheduling, Scheduling.ANYWHERE);
        egress = requireNonNullElse(egress, Egress.DIRECT);
        egressAllow = List.copyOf(requireNonNullElse(egressAllow, List.of()));
        sessionDefaults = requireNonNullElse(sessionDefaults, SessionDefaults.STANDARD);
        fallbackRegions = List.copyOf(requireNonNullElse(fallbackRegions, List.of()));
        allowedProjects = List.copyOf(requireNonNullElse(allowedProjects, List.of()));
        updateStrategy = requireNonNullElse(updateStrategy, UpdateStrategy.STANDARD);
        reuse = requireNonNullElse(reuse, Reuse.NEVER);
        reset = requireNonNullElse(reset, Reset.STANDARD);
        paused = requireNonNullElse(paused, false);
        sessionRecords = requireNonNullElse(sessionRecords, SessionRecords.DECLARED);
        deletionPolicy = requireNonNullElse(deletionPolicy, DeletionPolicy.DRAIN);
    }
}
