package dev.hearth.local;

import java.nio.file.Path;
import java.util.Map;

/** Where programs that several checkouts share are kept: {@code HEARTH_CACHE}, else the user's own cache directory. */
public final class CachePaths {
    private CachePaths() {}

    public static Path root(Map<String, String> environment) {
        var own = environment.get("HEARTH_CACHE");
        if (own != null && !own.isBlank()) {
            return Path.of(own).toAbsolutePath();
        }
        var xdg = environment.get("XDG_CACHE_HOME");
        var base = xdg != null && !xdg.isBlank()
                ? Path.of(xdg)
                : Path.of(environment.getOrDefault("HOME", System.getProperty("user.home")), ".cache");
        return base.resolve("hearth").toAbsolutePath();
    }

    /** This machine's architecture in the words of Go and Debian: {@code amd64} or {@code arm64}. */
    public static String architecture() {
        return switch (System.getProperty("os.arch")) {
            case "amd64", "x86_64" -> "amd64";
            case "aarch64", "arm64" -> "arm64";
            case String other ->
                throw new LocalFailure("no binaries for the architecture " + other, "use amd64 or arm64");
        };
    }
}
