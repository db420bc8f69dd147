package dev.hearth.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hearth.testing.postgres.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MigrationsIT {
    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    @RegisterExtension
    static final TestDatabase CUTTING = new TestDatabase();

    @BeforeAll
    static void everyChangeOfASchemaTakesAQuarterOfWhatATransactionMay() {
        CUTTING.address()
                .execute(
                        "CREATE FUNCTION public.dawdle() RETURNS event_trigger LANGUAGE plpgsql"
                                + " AS 'BEGIN PERFORM pg_sleep(0.15); END'",
                        "CREATE EVENT TRIGGER dawdling ON ddl_command_end EXECUTE FUNCTION public.dawdle()",
                        "ALTER DATABASE %s SET transaction_timeout = '600ms'".formatted(CUTTING.name()));
    }

    @ParameterizedTest
    @EnumSource(Migrations.class)
    void everyFileIsListed(Migrations migrations) throws Exception {
        try (var files = Files.list(Path.of("src/main/resources", migrations.folder()))) {
            assertThat(files.map(file -> String.valueOf(file.getFileName())))
                    .containsExactlyInAnyOrderElementsOf(migrations.files());
        }
    }

    @ParameterizedTest
    @EnumSource(Migrations.class)
    void aServerThatCutsLongTransactionsCutsNoMigration(Migrations migrations) throws Exception {
        var address = CUTTING.address();
        migrations.apply(address.patiently(16));
    }

    @Test
    void manyProcessesMigrateOnceAndANewerSchemaIsRefused() throws Exception {
        Clients.run(4, client -> StoreWorld.on(DATABASE).close());

        try (var world = StoreWorld.on(DATABASE)) {
            assertThat(world.strings("SELECT version FROM hearth.schema_version WHERE type = 'SQL'"))
                    .hasSize(Migrations.SHARD.files().size());
            world.execute("""
                    INSERT INTO hearth.schema_version
                    VALUES (1000, '900', 'of the future', 'SQL', 'V900__of_the_future.sql', 1, 'hearth', now(), 1, true)
                    """);
        }

        assertThatThrownBy(() -> StoreWorld.on(DATABASE))
                .isInstanceOf(SchemaException.class)
                .hasMessage("the schema hearth is at version 900, this program knows up to %s: start a newer Hearth"
                        .formatted(Migrations.SHARD.files().getLast()));
    }
}
