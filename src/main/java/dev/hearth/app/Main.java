package dev.hearth.app;

import dev.hearth.local.LocalFailure;
import dev.hearth.local.postgres.PostgresException;
import dev.hearth.operator.Uninstall;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.nio.file.Path;
import java.security.Security;
import java.time.Duration;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * One program, four ways to run: {@code local} brings its own control plane, PostgreSQL and kubelet; {@code uninstall}
 * clears a cluster of what an operator left and ends; {@code move-region} moves a region to another shard and ends; without
 * a word it plays the roles of {@code hearth.roles} against
 * what it is configured with.
 */
@QuarkusMain
public final class Main {
    /** A kubelet ends a browser within its grace of seconds; the rest is for a node that is busy. */
    private static final Duration UNINSTALL_PATIENCE = Duration.ofSeconds(45);

    private Main() {}

    public static void main(String... args) {
        forgetNamesSoon();
        if (args.length == 0) {
            Quarkus.run(args);
            return;
        }
        if (args[0].equals("move-region")) {
            moveRegion(List.of(args).subList(1, args.length));
            return;
        }
        switch (String.join(" ", args)) {
            case "local" -> local();
            case "uninstall" -> uninstall();
            default -> {
                System.err.println("✗ unknown words: " + String.join(" ", args)
                        + " — use \"local\", \"uninstall\", \"move-region\", or nothing");
                System.exit(2);
            }
        }
    }

    /**
     * A database that fails over keeps its name and changes its address. Java remembers addresses for 30 s and that a
     * name is unknown for 10 s: longer than claims may be away after it is back.
     *
     * <p>Before anything else, and in this order: a change of a security property is logged, the log asks for this host's
     * name, and from then on Java no longer looks at either.
     */
    static void forgetNamesSoon() {
        System.setProperty("sun.net.inetaddr.ttl", "5");
        Security.setProperty("networkaddress.cache.negative.ttl", "1");
    }

    private static void uninstall() {
        quiet();
        try (var client = new KubernetesClientBuilder().build()) {
            new Uninstall(client).run(UNINSTALL_PATIENCE);
            System.out.println("✓ no browser, budget or finalizer of Hearth is left");
        } catch (RuntimeException failed) {
            System.err.println("✗ uninstall: " + cause(failed));
            System.exit(1);
        }
    }

    private static void moveRegion(List<String> words) {
        quiet();
        System.exit(MoveRegion.run(words, System.out, System.err));
    }

    private static void local() {
        quiet();
        try {
            var machine = LocalMachine.start(System.getenv(), Path.of("").toAbsolutePath(), new Progress(System.out));
            LocalMode.machine(machine);
            Quarkus.run(LocalMode.class, Main::exit);
        } catch (LocalFailure | PostgresException failure) {
            System.err.println("✗ " + failure.getMessage());
            LocalMode.stopMachine();
            System.exit(1);
        }
    }

    /** Until the application sets its own levels, the log manager would let everything through, secrets included. */
    private static void quiet() {
        Logger.getLogger("").setLevel(Level.WARNING);
    }

    private static void exit(Integer code, Throwable failure) {
        if (failure != null) {
            System.err.println("✗ Hearth did not start: " + cause(failure));
        }
        LocalMode.stopMachine();
        System.exit(failure == null ? code : 1);
    }

    private static String cause(Throwable failure) {
        var cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        var message = cause.getMessage();
        return message == null ? cause.toString() : message;
    }
}
