package dev.hearth.local.node;

import dev.hearth.local.node.LaunchCommand.Value;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Reads the Secrets and ConfigMaps that a pod refers to. They are read once, at its start; later changes do not reach it. */
final class PodInputs {
    /** Not a failure of the pod: it waits and asks again. */
    private static final String NO_ANSWER = "the API server does not answer";

    private final KubernetesClient client;
    private final Pod pod;
    private final String namespace;

    PodInputs(KubernetesClient client, Pod pod) {
        this.client = client;
        this.pod = pod;
        this.namespace = pod.getMetadata().getNamespace();
    }

    sealed interface Resolved {
        record Values(LinkedHashMap<String, Value> byName) implements Resolved {}

        record Missing(String message) implements Resolved {}
    }

    Resolved environment(ContainerPlan plan, String address) {
        var values = new LinkedHashMap<String, Value>();
        try {
            for (var entry : plan.environment().entrySet()) {
                var value = value(entry.getValue(), address);
                value.ifPresent(found -> values.put(entry.getKey(), found));
                var needed = needed(entry.getValue());
                if (value.isEmpty() && needed.isPresent()) {
                    return new Resolved.Missing(needed.get() + " not found");
                }
            }
            return new Resolved.Values(values);
        } catch (KubernetesClientException away) {
            return new Resolved.Missing(NO_ANSWER);
        }
    }

    private Optional<Value> value(EnvSource source, String address) {
        return switch (source) {
            case EnvSource.Literal(var text) -> Optional.of(new Value(text, false, true));
            case EnvSource.Field(var path) -> Optional.of(new Value(PodFields.read(path, pod, address), false, false));
            case EnvSource.SecretKey(var name, var key, var _) ->
                secret(name).flatMap(data -> text(data, key)).map(text -> new Value(text, true, false));
            case EnvSource.ConfigKey(var name, var key, var _) ->
                configMap(name).flatMap(data -> text(data, key)).map(text -> new Value(text, false, false));
        };
    }

    /** What must be there; empty for what may be absent. */
    private Optional<String> needed(EnvSource source) {
        return switch (source) {
            case EnvSource.Literal _, EnvSource.Field _ -> Optional.empty();
            case EnvSource.SecretKey(var name, var key, boolean optional) ->
                optional ? Optional.empty() : Optional.of("key %s of secret %s/%s".formatted(key, namespace, name));
            case EnvSource.ConfigKey(var name, var key, boolean optional) ->
                optional ? Optional.empty() : Optional.of("key %s of configmap %s/%s".formatted(key, namespace, name));
        };
    }

    /** @return what is missing, empty when the volume is filled */
    Optional<String> fill(VolumePlan plan, Path directory) {
        try {
            return filled(plan, directory);
        } catch (KubernetesClientException away) {
            return Optional.of(NO_ANSWER);
        }
    }

    private Optional<String> filled(VolumePlan plan, Path directory) {
        return switch (plan) {
            case VolumePlan.EmptyDirectory _ -> Optional.empty();
            case VolumePlan.SecretFiles(var _, var name, var items, boolean optional) ->
                write(secret(name), items, directory, "secret " + namespace + "/" + name)
                        .filter(missing -> !optional);
            case VolumePlan.ConfigFiles(var _, var name, var items, boolean optional) ->
                write(configMap(name), items, directory, "configmap " + namespace + "/" + name)
                        .filter(missing -> !optional);
        };
    }

    private static Optional<String> write(
            Optional<Map<String, byte[]>> data, Map<String, String> items, Path directory, String what) {
        if (data.isEmpty()) {
            return Optional.of(what + " not found");
        }
        var files = new LinkedHashMap<String, String>(items);
        if (items.isEmpty()) {
            data.get().keySet().forEach(key -> files.put(key, key));
        }
        for (var file : files.entrySet()) {
            var bytes = data.get().get(file.getKey());
            if (bytes == null) {
                return Optional.of("key %s of %s not found".formatted(file.getKey(), what));
            }
            write(directory.resolve(file.getValue()), bytes);
        }
        return Optional.empty();
    }

    private static void write(Path file, byte[] bytes) {
        try {
            Directories.create(Objects.requireNonNull(file.getParent()));
            Files.deleteIfExists(file);
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.write(file, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    private Optional<Map<String, byte[]>> secret(String name) {
        var secret = client.secrets().inNamespace(namespace).withName(name).get();
        return Optional.ofNullable(secret).map(found -> {
            var data = new HashMap<String, byte[]>();
            Optional.ofNullable(found.getData())
                    .orElse(Map.of())
                    .forEach((key, text) -> data.put(key, Base64.getDecoder().decode(text)));
            return data;
        });
    }

    private Optional<Map<String, byte[]>> configMap(String name) {
        var configMap =
                client.configMaps().inNamespace(namespace).withName(name).get();
        return Optional.ofNullable(configMap).map(PodInputs::bytes);
    }

    private static Map<String, byte[]> bytes(ConfigMap configMap) {
        var data = new HashMap<String, byte[]>();
        Optional.ofNullable(configMap.getBinaryData())
                .orElse(Map.of())
                .forEach((key, text) -> data.put(key, Base64.getDecoder().decode(text)));
        Optional.ofNullable(configMap.getData())
                .orElse(Map.of())
                .forEach((key, text) -> data.put(key, text.getBytes(StandardCharsets.UTF_8)));
        return data;
    }

    private static Optional<String> text(Map<String, byte[]> data, String key) {
        return Optional.ofNullable(data.get(key)).map(bytes -> new String(bytes, StandardCharsets.UTF_8));
    }
}
