package dev.hearth.local.node;

import dev.hearth.local.kube.KubernetesBinaries;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.NodeCondition;
import io.fabric8.kubernetes.api.model.NodeConditionBuilder;
import io.fabric8.kubernetes.api.model.NodeSystemInfo;
import io.fabric8.kubernetes.api.model.NodeSystemInfoBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * This machine as Node objects, one per region and zone. Each of them shows the whole machine: the nodes share it, so the
 * scheduler may promise more than there is.
 */
record NodeObject(String instance, Machine machine, int logPort) {
    /** @param architecture as Go names it */
    record Machine(int processors, long memory, String architecture, String hostname) {}

    String name(LocalNode.Member member) {
        return "hearth-%s-%s".formatted(instance, member.zone());
    }

    /** Labels that say: of this directory. */
    Map<String, String> identity() {
        return Map.of("hearth.dev/local", "true", "hearth.dev/local-instance", instance);
    }

    Node desired(LocalNode.Member member) {
        return new NodeBuilder()
                .withNewMetadata()
                .withName(name(member))
                .withLabels(Map.of(
                        "topology.kubernetes.io/region", member.region(),
                        "topology.kubernetes.io/zone", member.zone(),
                        "kubernetes.io/hostname", name(member),
                        "kubernetes.io/os", "linux",
                        "kubernetes.io/arch", machine.architecture()))
                .addToLabels(identity())
                .endMetadata()
                .withNewSpec()
                .endSpec()
                .build();
    }

    /** @param known keeps transition times */
    Node status(Node known, Instant now) {
        var capacity = Map.of(
                "cpu", new Quantity(Integer.toString(machine.processors())),
                "memory", new Quantity(Long.toString(machine.memory())),
                "pods", new Quantity("110"));
        return new NodeBuilder()
                .withNewMetadata()
                .withName(known.getMetadata().getName())
                .endMetadata()
                .withNewStatus()
                .withCapacity(capacity)
                .withAllocatable(capacity)
                .withConditions(conditions(known, now))
                .addNewAddress("127.0.0.1", "InternalIP")
                .addNewAddress(machine.hostname(), "Hostname")
                .withNewDaemonEndpoints()
                .withNewKubeletEndpoint(logPort)
                .endDaemonEndpoints()
                .withNodeInfo(info())
                .endStatus()
                .build();
    }

    private NodeSystemInfo info() {
        return new NodeSystemInfoBuilder()
                .withArchitecture(machine.architecture())
                .withOperatingSystem("linux")
                .withKubeletVersion("v" + KubernetesBinaries.VERSION + "-hearth")
                .withContainerRuntimeVersion("process://1")
                .withKubeProxyVersion("")
                .withKernelVersion(System.getProperty("os.version"))
                .withOsImage("this machine")
                .withBootID("")
                .withMachineID(instance)
                .withSystemUUID("")
                .build();
    }

    private static List<NodeCondition> conditions(Node known, Instant now) {
        return Stream.of(
                        condition("Ready", "True", "LocalNodeReady"),
                        condition("MemoryPressure", "False", "LocalNodeHasSufficientMemory"),
                        condition("DiskPressure", "False", "LocalNodeHasNoDiskPressure"),
                        condition("PIDPressure", "False", "LocalNodeHasSufficientPID"))
                .map(condition -> condition
                        .withLastHeartbeatTime(Times.text(now))
                        .withLastTransitionTime(since(condition, known).orElse(Times.text(now)))
                        .build())
                .toList();
    }

    private static NodeConditionBuilder condition(String type, String status, String reason) {
        return new NodeConditionBuilder()
                .withType(type)
                .withStatus(status)
                .withReason(reason)
                .withMessage("");
    }

    private static Optional<String> since(NodeConditionBuilder condition, Node known) {
        return Optional.ofNullable(known.getStatus()).stream()
                .flatMap(status -> status.getConditions().stream())
                .filter(old -> old.getType().equals(condition.getType())
                        && old.getStatus().equals(condition.getStatus()))
                .map(NodeCondition::getLastTransitionTime)
                .filter(Objects::nonNull)
                .findFirst();
    }
}
