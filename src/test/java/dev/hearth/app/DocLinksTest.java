package dev.hearth.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Links between pages: to files that are there, and to headings that are in them. */
class DocLinksTest {
    @Test
    void everyLinkLeadsSomewhere() {
        assertThat(Pages.all()).contains(Path.of("CONTRIBUTING.md"), Path.of("docs/architecture.md"));
        for (var page : Pages.all()) {
            assertThat(broken(page)).as("%s", page).isEmpty();
        }
    }

    @Test
    void brokenLinksAreCaught(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("other.md"), "# A page\n## What's `here`, then?\n");
        var page = Files.writeString(folder.resolve("page.md"), """
                [good](other.md), [good](other.md#whats-here-then), [good](#top), [web](https://example.com/none)
                ## Top
                [gone](gone.md) [gone](other.md#elsewhere) [gone](#bottom)
                """);
        assertThat(broken(page)).containsExactlyInAnyOrder("gone.md", "other.md#elsewhere", "#bottom");
    }

    private static List<String> broken(Path page) {
        var broken = new ArrayList<String>();
        for (var link : Pages.found("\\]\\(([^)\\s]+)\\)", Pages.text(page))) {
            if (!link.matches("[a-z]+:.*") && !leads(page, link)) {
                broken.add(link);
            }
        }
        return broken;
    }

    private static boolean leads(Path page, String link) {
        var hash = link.indexOf('#');
        var file = hash < 0 ? link : link.substring(0, hash);
        var target = file.isEmpty() ? page : page.resolveSibling(file);
        return Files.exists(target)
                && (hash < 0
                        || Pages.found("(?m)^#+ (.+)$", Pages.text(target)).stream()
                                .map(DocLinksTest::anchor)
                                .anyMatch(link.substring(hash + 1)::equals));
    }

    /** As GitHub makes it of a heading. */
    private static String anchor(String heading) {
        return heading.strip()
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N} _-]", "")
                .replace(' ', '-');
    }
}
