package dev.hearth.app;

import dev.hearth.local.LocalFailure;
import dev.hearth.local.postgres.PostgresException;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.nio.file.Path;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * One program, two ways to run: {@code local} brings its own control plane, PostgreSQL and kubelet; without a word it
 * plays the roles of {@code hearth.roles} against what it is configured with.
 */
@QuarkusMain
public final class Main {
    private Main() {}

    public static void main(String... args) {
        if (args.length == 0) {
            Quarkus.run(args);
            return;
        }
        if (args.length > 1 || !args[0].equals("local")) {
            System.err.println("✗ unknown words: " + String.join(" ", args) + " — use \"local\", or nothing");
            System.exit(2);
        }
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
        return String.valueOf(cause.getMessage());
    }
}
