package dev.hearth.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ProblemPagesTest {
    private static final Path PAGES = Path.of("docs/problems");

    @ParameterizedTest
    @EnumSource
    void everyProblemHasAPage(Problem problem) throws IOException {
        assertThat(Files.readString(PAGES.resolve(problem.slug() + ".md")))
                .startsWith("# " + problem.title() + "\n")
                .contains("`" + problem.slug() + "` · HTTP " + problem.status())
                .contains("**What to do**");
    }

    @Test
    void everyPageHasAProblem() throws IOException {
        try (var pages = Files.list(PAGES)) {
            assertThat(pages.map(page -> page.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(Arrays.stream(Problem.values())
                            .map(problem -> problem.slug() + ".md")
                            .toList());
        }
    }

    @Test
    void quotesWhatWasSentWithoutItsTricks() {
        assertThat(Refusal.quote("a\r\nb\u202e'" + "x".repeat(100))).isEqualTo("'a??b??" + "x".repeat(58) + "…'");
    }
}
