package dev.hearth.operator.pool;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The zone of each node, asked once: a node's zone never changes. Empty where it has none or may not be read. */
final class NodeZones {
    private final KubernetesClient client;
    private final Map<String, String> known = new ConcurrentHashMap<>();

    NodeZones(KubernetesClient client) {
        this.client = client;
    }

    String of(String node) {
        return known.computeIfAbsent(node, this::ask);
    }

    private String ask(String name) {
        try {
            var node = client.nodes().withName(name).get();
            return node == null ? "" : node.getMetadata().getLabels().getOrDefault("topology.kubernetes.io/zone", "");
        } catch (KubernetesClientException unreadable) {
            return "";
        }
    }
}
