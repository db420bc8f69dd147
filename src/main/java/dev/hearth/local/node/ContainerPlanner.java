package dev.hearth.local.node;

import dev.hearth.local.node.ContainerPlan.Role;
import dev.hearth.local.node.PodPlanner.Refused;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;

/** The part of {@link PodPlanner} that looks at one container. */
final class ContainerPlanner {
    private final Container container;
    private final String path;
    private final Map<String, VolumePlan> volumes;

    ContainerPlanner(Container container, String path, Map<String, VolumePlan> volumes) {
        this.container = container;
        this.path = path;
        this.volumes = volumes;
    }

    ContainerPlan plan(Role role, LocalImages images) {
        var mounts = mounts();
        var program = program(images);
        return new ContainerPlan(
                container.getName(),
                role,
                container.getImage(),
                program,
                arguments(program),
                environment(),
                mounts,
                volumes.get(mounts.getOrDefault("/dev/shm", ""))
                                instanceof VolumePlan.EmptyDirectory(var _, boolean memory, var _)
                        && memory,
                memoryLimit(),
                ProbePlanner.plan(container, path + ".readinessProbe", images),
                "FallbackToLogsOnError".equals(container.getTerminationMessagePolicy()));
    }

    private LocalImages.Resolution program(LocalImages images) {
        var program = images.resolve(container.getImage(), container.getCommand());
        if (program instanceof LocalImages.Resolution.NoProgram(var message)) {
            throw new Refused(path + ".command", message);
        }
        return program;
    }

    private List<String> arguments(LocalImages.Resolution program) {
        var command = container.getCommand();
        var before = program instanceof LocalImages.Resolution.Found(var _, var keeper) ? keeper.size() : 0;
        var arguments = new ArrayList<>(command.isEmpty() ? command : command.subList(before + 1, command.size()));
        arguments.addAll(container.getArgs());
        return List.copyOf(arguments);
    }

    private Map<String, String> mounts() {
        var byPath = new LinkedHashMap<String, String>();
        for (var mount : container.getVolumeMounts()) {
            var mountPath = stripped(mount.getMountPath());
            if (!mountPath.startsWith("/") || mountPath.length() < 2) {
                throw new Refused(
                        path + ".volumeMounts[%s].mountPath".formatted(mount.getName()),
                        "\"%s\" cannot be mapped; allowed: an absolute path below /".formatted(mount.getMountPath()));
            }
            byPath.put(mountPath, mount.getName());
        }
        return byPath;
    }

    private static String stripped(String mountPath) {
        return mountPath.length() > 1 && mountPath.endsWith("/")
                ? mountPath.substring(0, mountPath.length() - 1)
                : mountPath;
    }

    private LinkedHashMap<String, EnvSource> environment() {
        var sources = new LinkedHashMap<String, EnvSource>();
        container.getEnv().forEach(variable -> sources.put(variable.getName(), source(variable)));
        return sources;
    }

    private EnvSource source(EnvVar variable) {
        var from = variable.getValueFrom();
        if (from == null) {
            return new EnvSource.Literal(Objects.requireNonNullElse(variable.getValue(), ""));
        }
        if (from.getSecretKeyRef() != null) {
            var ref = from.getSecretKeyRef();
            return new EnvSource.SecretKey(ref.getName(), ref.getKey(), Boolean.TRUE.equals(ref.getOptional()));
        }
        if (from.getConfigMapKeyRef() != null) {
            var ref = from.getConfigMapKeyRef();
            return new EnvSource.ConfigKey(ref.getName(), ref.getKey(), Boolean.TRUE.equals(ref.getOptional()));
        }
        var field = from.getFieldRef().getFieldPath();
        if (!PodFields.knows(field)) {
            throw new Refused(
                    path + ".env[%s].valueFrom.fieldRef".formatted(variable.getName()),
                    "field path \"%s\" is not supported".formatted(field));
        }
        return new EnvSource.Field(field);
    }

    private OptionalLong memoryLimit() {
        var resources = container.getResources();
        if (resources == null || resources.getLimits() == null) {
            return OptionalLong.empty();
        }
        var limit = resources.getLimits().get("memory");
        return limit == null
                ? OptionalLong.empty()
                : OptionalLong.of(limit.getNumericalAmount().longValue());
    }
}
