package dev.hearth.local.node;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The allow-list of a pod's fields. What is not named here fails the pod, so a field of a newer Kubernetes is refused
 * rather than overlooked. Accepted without effect, because they are about sharing a machine or isolating from it:
 * scheduling, CPU, user ids and other security contexts (except {@code privileged}), read-only mounts, DNS.
 */
final class SupportedFields {
    private static final Set<String> POD = Set.of(
            "affinity",
            "automountServiceAccountToken",
            "containers",
            "dnsConfig",
            "dnsPolicy",
            "enableServiceLinks",
            "hostUsers",
            "imagePullSecrets",
            "initContainers",
            "nodeName",
            "nodeSelector",
            "overhead",
            "preemptionPolicy",
            "priority",
            "priorityClassName",
            "readinessGates",
            "restartPolicy",
            "schedulerName",
            "schedulingGates",
            "securityContext",
            "serviceAccount",
            "serviceAccountName",
            "terminationGracePeriodSeconds",
            "tolerations",
            "topologySpreadConstraints",
            "volumes");
    private static final Set<String> CONTAINER = Set.of(
            "args",
            "command",
            "env",
            "image",
            "imagePullPolicy",
            "name",
            "ports",
            "readinessProbe",
            "resizePolicy",
            "resources",
            "restartPolicy",
            "securityContext",
            "terminationMessagePath",
            "terminationMessagePolicy",
            "volumeMounts");
    private static final Set<String> MOUNT = Set.of("mountPath", "name", "readOnly", "recursiveReadOnly");
    private static final Set<String> PORT = Set.of("containerPort", "name", "protocol");
    private static final Set<String> VOLUME = Set.of("configMap", "emptyDir", "name", "secret");
    private static final Set<String> PROBE = Set.of(
            "exec",
            "failureThreshold",
            "httpGet",
            "initialDelaySeconds",
            "periodSeconds",
            "successThreshold",
            "tcpSocket",
            "timeoutSeconds");
    private static final Set<String> ENVIRONMENT = Set.of("name", "value", "valueFrom");
    private static final Set<String> VALUE_FROM = Set.of("configMapKeyRef", "fieldRef", "secretKeyRef");

    /** Why a refused field is refused, where the reader can do something about it. */
    private static final Map<String, String> ADVICE = Map.of(
            "projected", "projected volumes are not supported; set automountServiceAccountToken: false",
            "lifecycle", "lifecycle hooks are not supported",
            "livenessProbe", "only readiness probes are supported",
            "startupProbe", "only readiness probes are supported",
            "hostNetwork", "pods have a loopback address of their own; the host network is not offered",
            "hostPath", "directories of this machine are not offered to pods");

    private SupportedFields() {}

    static Optional<PodPlan.Unsupported> firstOutside(JsonNode spec) {
        return outside(spec, "spec", POD)
                .or(() -> each(spec, "spec", "volumes", SupportedFields::inVolume))
                .or(() -> each(spec, "spec", "initContainers", SupportedFields::inContainer))
                .or(() -> each(spec, "spec", "containers", SupportedFields::inContainer));
    }

    private interface Check {
        Optional<PodPlan.Unsupported> of(JsonNode node, String path);
    }

    private static Optional<PodPlan.Unsupported> inVolume(JsonNode volume, String path) {
        return outside(volume, path, VOLUME);
    }

    private static Optional<PodPlan.Unsupported> inContainer(JsonNode container, String path) {
        return outside(container, path, CONTAINER)
                .or(() -> outside(container.path("readinessProbe"), path + ".readinessProbe", PROBE))
                .or(() -> privileged(container, path))
                .or(() -> each(container, path, "ports", (port, at) -> outside(port, at, PORT)))
                .or(() -> each(container, path, "volumeMounts", (mount, at) -> outside(mount, at, MOUNT)))
                .or(() -> each(container, path, "env", SupportedFields::inVariable));
    }

    private static Optional<PodPlan.Unsupported> inVariable(JsonNode variable, String path) {
        return outside(variable, path, ENVIRONMENT)
                .or(() -> outside(variable.path("valueFrom"), path + ".valueFrom", VALUE_FROM));
    }

    private static Optional<PodPlan.Unsupported> privileged(JsonNode container, String path) {
        return container.path("securityContext").path("privileged").asBoolean()
                ? Optional.of(new PodPlan.Unsupported(
                        path + ".securityContext.privileged",
                        "containers are processes of one user; none is privileged"))
                : Optional.empty();
    }

    private static Optional<PodPlan.Unsupported> each(JsonNode parent, String path, String list, Check check) {
        for (var item : parent.path(list)) {
            var found = check.of(
                    item, "%s.%s[%s]".formatted(path, list, item.path("name").asText()));
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private static Optional<PodPlan.Unsupported> outside(JsonNode node, String path, Set<String> allowed) {
        var fields = node.fields();
        while (fields.hasNext()) {
            var field = fields.next();
            if (!allowed.contains(field.getKey()) && !meansNothing(field.getValue())) {
                var why = ADVICE.getOrDefault(field.getKey(), "this field is not supported on a local node");
                return Optional.of(new PodPlan.Unsupported(path + "." + field.getKey(), why));
            }
        }
        return Optional.empty();
    }

    /** {@code hostNetwork: false} or an empty list asks for nothing. */
    private static boolean meansNothing(JsonNode value) {
        return value.isNull()
                || (value.isBoolean() && !value.asBoolean())
                || (value.isContainerNode() && value.isEmpty());
    }
}
