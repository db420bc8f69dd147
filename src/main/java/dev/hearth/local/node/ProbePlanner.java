package dev.hearth.local.node;

import dev.hearth.local.node.PodPlanner.Refused;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HTTPGetAction;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Probe;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The probe part of {@link PodPlanner}. */
final class ProbePlanner {
    private ProbePlanner() {}

    static Optional<ProbePlan> plan(Container container, String path, LocalImages images) {
        var probe = container.getReadinessProbe();
        if (probe == null) {
            return Optional.empty();
        }
        return Optional.of(new ProbePlan(
                check(probe, container, path, images),
                Duration.ofSeconds(or(probe.getInitialDelaySeconds(), 0)),
                Duration.ofSeconds(or(probe.getPeriodSeconds(), 10)),
                Duration.ofSeconds(or(probe.getTimeoutSeconds(), 1)),
                or(probe.getSuccessThreshold(), 1),
                or(probe.getFailureThreshold(), 3)));
    }

    private static ProbePlan.Check check(Probe probe, Container container, String path, LocalImages images) {
        if (probe.getHttpGet() != null) {
            return http(probe.getHttpGet(), container, path + ".httpGet");
        }
        if (probe.getTcpSocket() != null) {
            onlyPodAddress(probe.getTcpSocket().getHost(), path + ".tcpSocket.host");
            return new ProbePlan.Check.Tcp(port(probe.getTcpSocket().getPort(), container, path + ".tcpSocket.port"));
        }
        if (probe.getExec() != null) {
            return exec(probe.getExec().getCommand(), container, path + ".exec.command", images);
        }
        throw new Refused(path, "a probe must be one of httpGet, tcpSocket, exec");
    }

    private static ProbePlan.Check http(HTTPGetAction action, Container container, String path) {
        onlyPodAddress(action.getHost(), path + ".host");
        if (!Objects.requireNonNullElse(action.getScheme(), "HTTP").equals("HTTP")) {
            throw new Refused(path + ".scheme", "\"%s\" is not supported; allowed: HTTP".formatted(action.getScheme()));
        }
        var headers = new LinkedHashMap<String, String>();
        for (var header : action.getHttpHeaders()) {
            if (header.getName().equalsIgnoreCase("Host")) {
                throw new Refused(path + ".httpHeaders[Host]", "a probe's Host header cannot be chosen");
            }
            headers.put(header.getName(), header.getValue());
        }
        return new ProbePlan.Check.Http(
                Objects.requireNonNullElse(action.getPath(), "/"),
                port(action.getPort(), container, path + ".port"),
                headers);
    }

    /** A probe may run what the container itself might have run, nothing else. */
    private static ProbePlan.Check exec(List<String> command, Container container, String path, LocalImages images) {
        return switch (images.resolve(container.getImage(), command)) {
            case LocalImages.Resolution.Found(var program, var keeper) -> {
                var argv = new ArrayList<>(keeper);
                argv.addAll(program.argv());
                argv.addAll(command.subList(keeper.size() + 1, command.size()));
                yield new ProbePlan.Check.Exec(List.copyOf(argv));
            }
            case LocalImages.Resolution.NoProgram(var message) -> throw new Refused(path, message);
            // The container itself will wait for its image and never be probed.
            case LocalImages.Resolution.NoImage _ -> new ProbePlan.Check.Exec(command);
        };
    }

    private static void onlyPodAddress(@Nullable String host, String path) {
        if (host != null && !host.isEmpty()) {
            throw new Refused(path, "probes go to the pod's own address; leave the host out");
        }
    }

    private static int port(IntOrString port, Container container, String path) {
        if (port.getIntVal() != null) {
            return port.getIntVal();
        }
        return container.getPorts().stream()
                .filter(candidate -> port.getStrVal().equals(candidate.getName()))
                .findFirst()
                .orElseThrow(() ->
                        new Refused(path, "no port of this container is named \"%s\"".formatted(port.getStrVal())))
                .getContainerPort();
    }

    private static int or(@Nullable Integer value, int otherwise) {
        return value == null ? otherwise : value;
    }
}
