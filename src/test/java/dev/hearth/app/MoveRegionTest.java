package dev.hearth.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MoveRegionTest {
    @Test
    void itReadsTheFileOfSettingsThatAGatewayReads(@TempDir Path directory) throws IOException {
        var file = Files.writeString(directory.resolve("application.properties"), """
                hearth.store.control.url=jdbc:postgresql://main.example/hearth
                hearth.store.control.user=hearth
                hearth.store.control.password=secret
                hearth.store.shards.main.url=jdbc:postgresql://main.example/hearth
                hearth.store.shards.main.user=hearth
                hearth.store.shards.main.password=secret
                hearth.store.shards.far.url=jdbc:postgresql://far.example/hearth
                hearth.store.shards.far.user=hearth
                hearth.store.shards.far.password=secret
                hearth.store.regions.eu-west=far
                """);
        var settings = MoveRegion.settings(file);
        assertThat(settings.toString()).contains("main.example", "far.example", "eu-west");
    }
}
