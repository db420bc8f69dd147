package dev.hearth.local.node;

import io.fabric8.kubernetes.api.model.EmptyDirVolumeSource;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.Volume;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;

/** The volumes part of {@link PodPlanner}. */
final class VolumePlanner {
    private VolumePlanner() {}

    static List<VolumePlan> plan(List<Volume> volumes) {
        return volumes.stream().map(VolumePlanner::plan).toList();
    }

    private static VolumePlan plan(Volume volume) {
        var name = volume.getName();
        var path = "spec.volumes[%s]".formatted(name);
        if (volume.getSecret() != null) {
            var secret = volume.getSecret();
            return new VolumePlan.SecretFiles(
                    name,
                    secret.getSecretName(),
                    items(secret.getItems(), path + ".secret"),
                    Boolean.TRUE.equals(secret.getOptional()));
        }
        if (volume.getConfigMap() != null) {
            var config = volume.getConfigMap();
            return new VolumePlan.ConfigFiles(
                    name,
                    config.getName(),
                    items(config.getItems(), path + ".configMap"),
                    Boolean.TRUE.equals(config.getOptional()));
        }
        if (volume.getEmptyDir() != null) {
            return emptyDirectory(name, volume.getEmptyDir(), path + ".emptyDir");
        }
        throw new PodPlanner.Refused(path, "a volume must be one of emptyDir, secret, configMap");
    }

    private static VolumePlan emptyDirectory(String name, EmptyDirVolumeSource source, String path) {
        var medium = Objects.requireNonNullElse(source.getMedium(), "");
        if (!medium.isEmpty() && !medium.equals("Memory")) {
            throw new PodPlanner.Refused(
                    path + ".medium", "\"%s\" is not supported; allowed: \"\", Memory".formatted(medium));
        }
        var limit = source.getSizeLimit() == null
                ? OptionalLong.empty()
                : OptionalLong.of(source.getSizeLimit().getNumericalAmount().longValue());
        return new VolumePlan.EmptyDirectory(name, medium.equals("Memory"), limit);
    }

    private static Map<String, String> items(List<KeyToPath> items, String path) {
        var byKey = new LinkedHashMap<String, String>();
        for (var item : items) {
            if (item.getPath().startsWith("/")
                    || List.of(item.getPath().split("/")).contains("..")) {
                throw new PodPlanner.Refused(
                        path + ".items[%s].path".formatted(item.getKey()),
                        "\"%s\" leaves the volume; allowed: a relative path without ..".formatted(item.getPath()));
            }
            byKey.put(item.getKey(), item.getPath());
        }
        return byKey;
    }
}
