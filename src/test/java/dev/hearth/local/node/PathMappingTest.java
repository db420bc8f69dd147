package dev.hearth.local.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.local.node.PathMapping.Mount;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PathMappingTest {
    private final PathMapping mapping = new PathMapping(List.of(
            new Mount("/browser", "/pod/a"), new Mount("/browser/profile", "/pod/b"), new Mount("/tmp", "/pod/t")));

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --user-data-dir=/browser/profile     | --user-data-dir=/pod/b
            /browser                             | /pod/a
            /browser/                            | /pod/a/
            /browser/x/y                         | /pod/a/x/y
            /browser/profile-2                   | /pod/a/profile-2
            echo x >>/browser/log; cat /tmp/f    | echo x >>/pod/a/log; cat /pod/t/f
            file:///browser/index.html           | file:///pod/a/index.html
            /browser:/tmp:/usr                   | /pod/a:/pod/t:/usr
            "/browser/a b"                       | "/pod/a/a b"
            /browsers/x                          | /browsers/x
            /browser-old                         | /browser-old
            /browser.d                           | /browser.d
            /home/browser                        | /home/browser
            /var/tmp                             | /var/tmp
            -I/browser                           | -I/browser
            http://host/tmp                      | http://host/tmp
            ~/tmp                                | ~/tmp
            /a//tmp                              | /a//tmp
            /                                    | /
            """)
    void rewritesMountPathsThatArePathsOfTheirOwn(String text, String expected) {
        assertThat(mapping.apply(text)).isEqualTo(expected);
    }

    @Test
    void whatWasPutInIsNotRewrittenAgain() {
        var nested = new PathMapping(List.of(new Mount("/tmp", "/tmp/hearth/1"), new Mount("/data", "/tmp/hearth/2")));

        assertThat(nested.apply("/tmp/x /data")).isEqualTo("/tmp/hearth/1/x /tmp/hearth/2");
    }

    @Test
    void replacingShortestFirstWouldSendTheProfileToTheWrongVolume() {
        var mutant = "--user-data-dir=/browser/profile".replace("/browser", "/pod/a");

        assertThat(mapping.apply("--user-data-dir=/browser/profile")).isNotEqualTo(mutant);
    }
}
