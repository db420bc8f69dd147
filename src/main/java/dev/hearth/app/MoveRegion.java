package dev.hearth.app;

import dev.hearth.store.MoveFailure;
import dev.hearth.store.RegionMove;
import dev.hearth.store.StoreConfig;
import dev.hearth.store.StoreSettings;
import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** {@code move-region NAME --to SHARD [--cancel]}, configured as a gateway is. */
final class MoveRegion {
    private static final String USAGE = "use \"move-region NAME --to SHARD\", with \"--cancel\" at its end to undo";
    private static final int REFUSED = 1;
    private static final int MISUSED = 2;

    private MoveRegion() {}

    /** @return the exit code */
    static int run(List<String> words, PrintStream out, PrintStream err) {
        var cancel = words.size() == 4 && words.getLast().equals("--cancel");
        if (!(words.size() == 3 || cancel) || !words.get(1).equals("--to")) {
            err.println("✗ move-region: " + USAGE);
            return MISUSED;
        }
        try {
            RegionMove.run(settings(), words.getFirst(), words.get(2), cancel, line -> out.println("✓ " + line));
            return 0;
        } catch (MoveFailure | ConfigValidationException | IllegalArgumentException refused) {
            err.println("✗ move-region: "
                    + String.valueOf(refused.getMessage()).lines().findFirst().orElse(""));
            return REFUSED;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return REFUSED;
        }
    }

    private static StoreSettings settings() {
        return settings(Path.of("config", "application.properties"));
    }

    /** @param file of settings, where there is one: Quarkus reads it for a gateway, and nobody here but us */
    static StoreSettings settings(Path file) {
        return new SmallRyeConfigBuilder()
                .addDefaultSources()
                .withSources(Files.exists(file) ? List.of(of(file)) : List.of())
                .addDefaultInterceptors()
                .withMapping(StoreConfig.class)
                .withMappingIgnore("hearth.**")
                .withConverter(Duration.class, 200, new DurationConverter())
                .build()
                .getConfigMapping(StoreConfig.class)
                .settings();
    }

    /** Less than the environment, as for a gateway. */
    private static PropertiesConfigSource of(Path file) {
        try {
            return new PropertiesConfigSource(file.toUri().toURL(), 260);
        } catch (IOException unreadable) {
            throw new IllegalArgumentException("cannot read " + file + ": " + unreadable.getMessage(), unreadable);
        }
    }
}
