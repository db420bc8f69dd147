package dev.hearth.agent;

import dev.hearth.wire.Grant;
import dev.hearth.wire.GrantCodec;
import dev.hearth.wire.SigningKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.jar.JarFile;

/**
 * Loads the agent's own classes and verifies a few grants while Chrome starts: each agent serves its first client once, and
 * that client should not wait for classes to be read or cryptography to be interpreted. What cannot be loaded or verified ends
 * the process. Run from a directory there is nothing to list, and nothing is lost by that.
 */
final class WarmUp {
    /** The first costs the most, the tenth a tenth of it; more would only take time from the Chrome that starts beside us. */
    private static final int VERIFIED = 10;

    private WarmUp() {}

    static void start() {
        Thread.ofPlatform()
                .daemon()
                .name("warm-up")
                .uncaughtExceptionHandler((_, broken) -> end(broken))
                .start(WarmUp::run);
    }

    /** An agent that lacks a class, or cannot verify a grant, would look warm and turn its first client away. */
    private static void end(Throwable broken) {
        broken.printStackTrace();
        Runtime.getRuntime().halt(1);
    }

    private static void run() {
        loadOwnClasses();
        verifyGrants();
    }

    /** With a key that nobody else has: only the verifying counts. It gets fast as its loops are compiled. */
    private static void verifyGrants() {
        var key = SigningKey.generate();
        var anyone = new UUID(0, 0);
        var header = GrantCodec.seal(new Grant(Grant.Kind.CLIENT, "", anyone, 0, anyone, Instant.EPOCH, false), key);
        var check = GrantCheck.of(List.of(key.verifying()), "");
        for (var n = 0; n < VERIFIED; n++) {
            if (!(check.open(header, Instant.EPOCH) instanceof GrantCodec.Opened.Valid)) {
                throw new IllegalStateException("a grant of our own is refused");
            }
        }
    }

    private static void loadOwnClasses() {
        var source = WarmUp.class.getProtectionDomain().getCodeSource();
        if (source == null || !source.getLocation().getPath().endsWith(".jar")) {
            return;
        }
        try (var jar = new JarFile(Path.of(source.getLocation().getPath()).toFile())) {
            jar.stream()
                    .map(entry -> entry.getName())
                    .filter(name ->
                            name.startsWith("dev/hearth/") && name.endsWith(".class") && !name.contains("-info"))
                    .map(name ->
                            name.substring(0, name.length() - ".class".length()).replace('/', '.'))
                    .forEach(WarmUp::load);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static void load(String name) {
        try {
            Class.forName(name, true, WarmUp.class.getClassLoader());
        } catch (ClassNotFoundException broken) {
            throw new IllegalStateException("the agent's jar lacks its own class " + name, broken);
        }
    }
}
