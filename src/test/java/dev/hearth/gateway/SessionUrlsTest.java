package dev.hearth.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.testing.Answers;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SessionUrlsTest {
    private static final UUID SESSION = new UUID(1, 2);
    /** As a proxy in the cluster may write it. */
    private static final String HOST = "0.0.0.0:8080";

    @TempDir
    private Path folder;

    @Test
    @Answers({"browserless#4831", "lightpanda#1922"})
    void thePublicUrlIsWhatClientsAreGivenWhateverTheyWereReachedBy() {
        var urls = urls("https://hearth.example.com/");

        assertThat(urls.connect(SESSION, HOST)).startsWith("wss://hearth.example.com/sessions/" + SESSION + "?token=");
        assertThat(urls.page(SESSION, "T1", HOST))
                .startsWith("wss://hearth.example.com/sessions/" + SESSION + "/devtools/page/T1?token=");
        assertThat(urls("http://hearth.example.com:8080").base(HOST)).isEqualTo("ws://hearth.example.com:8080");
    }

    /** A page over https may open neither files over http nor a socket over ws. */
    @Test
    @Answers("browserless#3802")
    void aLiveViewsFilesAndSocketHaveTheSchemeOfThePublicUrl() {
        assertThat(urls("https://hearth.example.com").viewPage(SESSION, "view", "T1", HOST))
                .isEqualTo("https://hearth.example.com/sessions/" + SESSION + "/view/view/devtools/inspector.html?wss="
                        + "hearth.example.com/sessions/" + SESSION + "/view/view/devtools/page/T1");
    }

    @Test
    void withoutAPublicUrlClientsAreGivenTheHostTheyCalled() {
        var keys = GatewayKeys.generate(folder.resolve("key"));
        assertThat(new SessionUrls(keys, Optional.empty()).connect(SESSION, "hearth:8080"))
                .startsWith("ws://hearth:8080/sessions/" + SESSION + "?token=");
    }

    private SessionUrls urls(String publicUrl) {
        var keys = GatewayKeys.generate(folder.resolve(UUID.randomUUID().toString()));
        return new SessionUrls(keys, Optional.of(publicUrl));
    }
}
