package dev.hearth.operator.pool;

import java.nio.file.Path;
import java.util.List;

/** A pod's command that keeps Chrome, with the pod's directories elsewhere. */
public final class KeptChrome {
    private KeptChrome() {}

    /** @param home holds {@code shared}, {@code tmp} and {@code shm} in place of the pod's own */
    public static List<String> command(String program, Path home) {
        return ChromeKeeper.command(program).stream()
                .map(word -> switch (word) {
                    case ChromeKeeper.MARK -> home.resolve("shared/again").toString();
                    case BrowserPod.SHARED -> home.resolve("shared").toString();
                    case "/tmp" -> home.resolve("tmp").toString();
                    case "/dev/shm" -> home.resolve("shm").toString();
                    default -> word;
                })
                .toList();
    }
}
