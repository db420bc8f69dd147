package dev.hearth.store;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationState;
import org.flywaydb.core.api.ResourceProvider;
import org.flywaydb.core.api.resource.LoadableResource;
import org.jspecify.annotations.Nullable;

/**
 * Brings a schema to the version this program knows. Several processes may try at once: Flyway lets one do it and the
 * others wait. The files are listed, not searched for: a search does not see into every class loader.
 */
enum Migrations {
    CONTROL(
            "hearth_control",
            "db/migration/control",
            List.of(
                    "V001__projects_and_regions.sql",
                    "V002__creation_rate.sql",
                    "V003__several_shards.sql",
                    "V004__guarded_pools.sql",
                    "V005__traffic_and_lag.sql",
                    "V020__moving_regions.sql")),
    SHARD(
            "hearth",
            "db/migration/shard",
            List.of(
                    "V001__browsers_and_sessions.sql",
                    "V002__waiting_and_rates.sql",
                    "V003__connections.sql",
                    "V005__session_settings.sql",
                    "V006__proxy_bytes.sql",
                    "V020__moving_regions.sql",
                    "V021__vouching_gateways.sql",
                    "V022__fences_one_by_one.sql",
                    "V023__browsers_used_again.sql",
                    "V024__browsers_too_old.sql"));

    private final String schema;
    private final String folder;
    private final List<String> files;

    Migrations(String schema, String folder, List<String> files) {
        this.schema = schema;
        this.folder = folder;
        this.files = files;
    }

    String schema() {
        return schema;
    }

    String folder() {
        return folder;
    }

    List<String> files() {
        return files;
    }

    void apply(DatabaseSettings database) {
        var flyway = Flyway.configure(Migrations.class.getClassLoader())
                .dataSource(database.url(), database.user(), database.password())
                .schemas(schema)
                .defaultSchema(schema)
                .table("schema_version")
                .resourceProvider(new Listed(folder, files))
                .loggers("slf4j")
                .connectRetries(0)
                .initSql(Unhurried.LIFT_LIMITS)
                .load();
        try {
            refuseNewer(flyway);
            flyway.migrate();
        } catch (FlywayException e) {
            throw new SchemaException("the schema %s cannot be migrated: %s".formatted(schema, firstLine(e)), e);
        }
    }

    private void refuseNewer(Flyway flyway) {
        Arrays.stream(flyway.info().all())
                .filter(known -> known.getState() == MigrationState.FUTURE_SUCCESS)
                .map(known -> Objects.toString(known.getVersion()))
                .reduce((_, newest) -> newest)
                .ifPresent(version -> {
                    throw new SchemaException(
                            "the schema %s is at version %s, this program knows up to %s: start a newer Hearth"
                                    .formatted(schema, version, files.getLast()));
                });
    }

    private static String firstLine(FlywayException e) {
        return Objects.toString(e.getMessage())
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("---"))
                .findFirst()
                .orElse("no reason given");
    }

    private record Listed(String folder, List<String> files) implements ResourceProvider {
        @Override
        public @Nullable LoadableResource getResource(String name) {
            return files.stream()
                    .filter(file -> name.endsWith(file))
                    .map(file -> new Script(folder, file))
                    .findFirst()
                    .orElse(null);
        }

        @Override
        public Collection<LoadableResource> getResources(String prefix, String... suffixes) {
            return files.stream()
                    .filter(file ->
                            file.startsWith(prefix) && Arrays.stream(suffixes).anyMatch(file::endsWith))
                    .<LoadableResource>map(file -> new Script(folder, file))
                    .toList();
        }
    }

    private static final class Script extends LoadableResource {
        private final String folder;
        private final String file;

        Script(String folder, String file) {
            this.folder = folder;
            this.file = file;
        }

        @Override
        public Reader read() {
            var text = Migrations.class.getClassLoader().getResourceAsStream(getAbsolutePath());
            if (text == null) {
                throw new UncheckedIOException(new IOException("missing on the class path: " + getAbsolutePath()));
            }
            return new InputStreamReader(text, StandardCharsets.UTF_8);
        }

        @Override
        public String getAbsolutePath() {
            return folder + "/" + file;
        }

        @Override
        public String getAbsolutePathOnDisk() {
            return getAbsolutePath();
        }

        @Override
        public String getFilename() {
            return file;
        }

        @Override
        public String getRelativePath() {
            return file;
        }
    }
}
