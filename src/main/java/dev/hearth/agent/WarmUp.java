package dev.hearth.agent;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.jar.JarFile;

/**
 * Loads the agent's own classes while Chrome starts: each agent serves its first client once, and that client should not
 * wait for classes to be read and verified. Run from a directory there is nothing to list, and nothing is lost by that.
 */
final class WarmUp {
    private WarmUp() {}

    static void start() {
        Thread.ofPlatform().daemon().name("warm-up").start(WarmUp::run);
    }

    private static void run() {
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
