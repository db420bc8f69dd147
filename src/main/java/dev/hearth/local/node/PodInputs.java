package dev.hearth.local.node;

import dev.hearth.local.node.LaunchCommand.Value;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
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
        for (var entry : plan.environment().entrySet()) {
            var missing = switch (entry.getValue()) {
                case EnvSource.Literal(var text) -> put(values, entry.getKey(), new Value(text, false, true));
                case EnvSource.Field(var path) ->
                    put(values, entry.getKey(), new Value(PodFields.read(path, pod, address), false, false));
                case EnvSource.SecretKey(var name, var key, var optional) -> {
                    var text = secret(name).flatMap(data -> text(data, key));
                    yield put(values, entry.getKey(), text.map(t -> new Value(t, true, false)), optional)
                            ? ""
                            : "key %s of secret %s/%s not found".formatted(key, namespace, name);
                }
                case EnvSource.ConfigKey(var name, var key, var optional) -> {
                    var text = configMap(name).flatMap(data -> text(data, key));
                    yield put(values, entry.getKey(), text.map(t -> new Value(t, false, false)), optional)
                            ? ""
                            : "key %s of configmap %s/%s not found".formatted(key, namespace, name);
                }
            };
            if (!missing.isEmpty()) {
                return new Resolved.Missing(missing);
            }
        }
        return new Resolved.Values(values);
    }

    private static String put(Map<String, Value> values, String name, Value value) {
        values.put(name, value);
        return "";
    }

    private static boolean put(Map<String, Value> values, String name, Optional<Value> value, boolean optional) {
        value.ifPresent(found -> values.put(name, found));
        return value.isPresent() || optional;
    }

    /** @return what is missing, empty when the volume is filled */
    Optional<String> fill(VolumePlan plan, Path directory) {
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
