package dev.hearth.local.kube;

import dev.hearth.local.FreePorts;
import dev.hearth.local.LocalFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * etcd, kube-apiserver and, where asked for, kube-controller-manager and kube-scheduler. Data lives in the directory given
 * and is found again at the next start; ports are new each time, so read {@link #kubeconfig()} and never remember them.
 */
public final class ControlPlane implements AutoCloseable {
    /** What runs beside etcd and the API server. */
    public enum Part {
        /** Garbage collection, namespace deletion, disruption budgets. */
        CONTROLLERS,
        SCHEDULER
    }

    /** A cold API server needs 1–3 s here; ten times that on a machine that swaps. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** etcd and the API server stop in well under a second; their data survives a kill. */
    private static final Duration GRACE = Duration.ofSeconds(3);

    private static final int ATTEMPTS = 3;

    private final List<Component> components;
    private final Path kubeconfig;
    private final KubernetesBinaries binaries;
    private final int port;

    private ControlPlane(List<Component> components, Path kubeconfig, KubernetesBinaries binaries, int port) {
        this.components = components;
        this.kubeconfig = kubeconfig;
        this.binaries = binaries;
        this.port = port;
    }

    /** @throws LocalFailure when a program does not come up, with the line of its log that says why */
    public static ControlPlane start(KubernetesBinaries binaries, Path directory, Set<Part> parts) {
        try {
            Files.createDirectories(directory.resolve("log"));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot create " + directory, e);
        }
        var credentials = Credentials.in(directory.resolve("pki"));
        for (var attempt = 1; ; attempt++) {
            var started = new ArrayList<Component>();
            try {
                return start(binaries, directory, credentials, parts, started);
            } catch (LocalFailure failure) {
                var takenPort = started.stream().anyMatch(Component::lostItsPort);
                started.reversed().forEach(component -> component.stop(GRACE));
                if (!takenPort || attempt == ATTEMPTS) {
                    throw failure;
                }
            }
        }
    }

    private static ControlPlane start(
            KubernetesBinaries binaries,
            Path directory,
            Credentials credentials,
            Set<Part> parts,
            List<Component> started) {
        var logs = directory.resolve("log");
        var ports = FreePorts.loopback(3);
        var commands = new ControlPlaneCommands(binaries, credentials, ports);
        started.add(Component.start("etcd", commands.etcd(directory.resolve("etcd")), logs));
        var apiServer = Component.start("kube-apiserver", commands.apiServer(), logs);
        started.add(apiServer);
        new Readiness(credentials, ports.get(2)).await(started, PATIENCE);
        var kubeconfig = credentials.writeKubeconfig(directory.resolve("kubeconfig"), ports.get(2));
        if (parts.contains(Part.CONTROLLERS)) {
            started.add(Component.start("kube-controller-manager", commands.controllerManager(kubeconfig), logs));
        }
        if (parts.contains(Part.SCHEDULER)) {
            started.add(Component.start("kube-scheduler", commands.scheduler(kubeconfig), logs));
        }
        return new ControlPlane(List.copyOf(started), kubeconfig, binaries, ports.get(2));
    }

    /** An administrator's kubeconfig for the real kubectl and any client. */
    public Path kubeconfig() {
        return kubeconfig;
    }

    public KubernetesBinaries binaries() {
        return binaries;
    }

    /** The API server's port on 127.0.0.1. */
    public int port() {
        return port;
    }

    /** The API server's own process, for tests that take it away. */
    public Process apiServer() {
        return components.get(1).process();
    }

    /** Names of programs that should run and do not, each with what its log says. */
    public List<String> dead() {
        return components.stream()
                .filter(component -> !component.process().isAlive())
                .map(component -> component.name() + ": " + component.complaint())
                .toList();
    }

    @Override
    public void close() {
        components.reversed().forEach(component -> component.stop(GRACE));
    }
}
