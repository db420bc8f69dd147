package dev.hearth.local.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.local.node.LaunchCommand.Value;
import dev.hearth.local.node.PathMapping.Mount;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class LaunchCommandTest {
    private static final PathMapping PATHS = new PathMapping(List.of(new Mount("/browser/profile", "/pod/v")));

    @Test
    void chromiumGetsItsFlagsOnlyWhereTheyAreNeeded() {
        var program = LocalImages.Program.chromium(Path.of("/usr/bin/chromium"));

        assertThat(launch(program, plan(false, "--headless"), true).argv())
                .containsExactly("/usr/bin/chromium", "--no-sandbox", "--disable-dev-shm-usage", "--headless");
        assertThat(launch(program, plan(true, "--headless"), false).argv())
                .containsExactly("/usr/bin/chromium", "--headless");
    }

    @Test
    void valuesAreExpandedInOrderAndMappedAfterwards() {
        var declared = new LinkedHashMap<String, Value>();
        declared.put("BASE", new Value("/browser", false, true));
        declared.put("DIR", new Value("$(BASE)/profile", false, true));
        declared.put("LATER", new Value("$(UNKNOWN) $$(BASE)", false, true));
        declared.put("SECRET", new Value("$(BASE)/browser/profile", true, false));
        declared.put("HOME", new Value("/browser/profile", false, true));
        declared.put("MARK", new Value("stolen", false, true));

        var command = LaunchCommand.of(
                LocalImages.Program.of(List.of("/bin/sh")),
                plan(true, "--dir=$(DIR)", "$(MISSING)"),
                declared,
                new LaunchCommand.Surroundings(
                        PATHS, true, Map.of("HOME", "/h", "PATH", "/bin"), Map.of("MARK", "ours")));

        assertThat(command.environment())
                .containsEntry("DIR", "/pod/v")
                .containsEntry("LATER", "$(UNKNOWN) $(BASE)")
                .containsEntry("SECRET", "$(BASE)/browser/profile")
                .containsEntry("HOME", "/pod/v")
                .containsEntry("PATH", "/bin")
                .containsEntry("MARK", "ours");
        assertThat(command.argv()).containsExactly("/bin/sh", "--dir=/pod/v", "$(MISSING)");
        assertThat(command.toString()).doesNotContain("browser/profile");
    }

    private static LaunchCommand launch(LocalImages.Program program, ContainerPlan plan, boolean root) {
        return LaunchCommand.of(
                program, plan, new LinkedHashMap<>(), new LaunchCommand.Surroundings(PATHS, root, Map.of(), Map.of()));
    }

    private static ContainerPlan plan(boolean sharedMemory, String... arguments) {
        return new ContainerPlan(
                "c",
                ContainerPlan.Role.MAIN,
                "i",
                new LocalImages.Resolution.NoImage(""),
                List.of(arguments),
                new LinkedHashMap<>(),
                Map.of(),
                sharedMemory,
                OptionalLong.empty(),
                Optional.empty(),
                false);
    }
}
