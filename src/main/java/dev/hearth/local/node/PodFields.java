package dev.hearth.local.node;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** The downward API's {@code fieldRef} paths, as far as an environment variable may use them. */
final class PodFields {
    private static final Set<String> PLAIN = Set.of(
            "metadata.name",
            "metadata.namespace",
            "metadata.uid",
            "spec.nodeName",
            "spec.serviceAccountName",
            "status.hostIP",
            "status.hostIPs",
            "status.podIP",
            "status.podIPs");
    private static final Pattern KEYED = Pattern.compile("metadata\\.(labels|annotations)\\['([^']+)']");

    private PodFields() {}

    static boolean knows(String path) {
        return PLAIN.contains(path) || KEYED.matcher(path).matches();
    }

    /** A label or annotation that is absent reads as an empty text, as in Kubernetes. */
    static String read(String path, Pod pod, String address) {
        var keyed = KEYED.matcher(path);
        if (keyed.matches()) {
            var metadata = pod.getMetadata();
            var values = keyed.group(1).equals("labels") ? metadata.getLabels() : metadata.getAnnotations();
            return Optional.ofNullable(values).orElse(Map.of()).getOrDefault(keyed.group(2), "");
        }
        return switch (path) {
            case "metadata.name" -> pod.getMetadata().getName();
            case "metadata.namespace" -> pod.getMetadata().getNamespace();
            case "metadata.uid" -> pod.getMetadata().getUid();
            case "spec.nodeName" -> pod.getSpec().getNodeName();
            case "spec.serviceAccountName" ->
                Objects.requireNonNullElse(pod.getSpec().getServiceAccountName(), "");
            case "status.podIP", "status.podIPs" -> address;
            case "status.hostIP", "status.hostIPs" -> PodReport.HOST_ADDRESS;
            default -> throw new IllegalArgumentException("field path " + path + " was not checked while planning");
        };
    }
}
