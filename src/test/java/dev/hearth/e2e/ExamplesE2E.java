package dev.hearth.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every program of docs/examples, as a reader would run it. */
class ExamplesE2E {
    private static final Path EXAMPLES = Path.of("docs/examples");
    /** Beside the packages that a reader would have installed. */
    private static final Path ROOM = Path.of("target/e2e/examples");

    /** What each must say, by its name. A file that is missing here fails {@link #everyExampleIsRun}. */
    private static final Map<String, String> SAYS = new TreeMap<>(Map.of(
            "playwright.mjs", "Playwright on Hearth",
            "puppeteer.mjs", "Puppeteer on Hearth",
            "browserbase-sdk.mjs", "/devtools/inspector.html?ws=",
            "playwright_python.py", "Playwright on Hearth",
            "browserbase_sdk.py", "Browserbase SDK on Hearth",
            "curl.sh", "\"debuggerUrl\":"));

    /** A module rather than a program: {@link CloudflareClientsE2E} runs it under each of Cloudflare's clients. */
    private static final String BINDING = "cloudflare-binding.mjs";

    private final RunningHearth hearth = RunningHearth.shared();

    static Stream<String> examples() {
        return SAYS.keySet().stream();
    }

    @BeforeAll
    static void room() throws IOException {
        Files.createDirectories(ROOM);
        var packages = ROOM.resolve("node_modules");
        Files.deleteIfExists(packages);
        Files.createSymbolicLink(packages, Path.of("src/test/node/node_modules").toAbsolutePath());
    }

    @ParameterizedTest
    @MethodSource("examples")
    @Proves(
            client = StockClient.PLAYWRIGHT_NODE,
            calls = {"connectOverCDP(wss://host/connect, {headers})"})
    @Proves(
            client = StockClient.PUPPETEER,
            calls = {"connect({browserWSEndpoint: wss://host/connect, headers})"})
    @Proves(
            client = StockClient.PLAYWRIGHT_PYTHON,
            calls = {"connect_over_cdp(wss://host/connect, headers)"})
    @Proves(
            client = StockClient.BROWSERBASE_NODE,
            calls = {"sessions.create({userMetadata})"})
    @Proves(
            client = StockClient.BROWSERBASE_PYTHON,
            calls = {"sessions.create(user_metadata)"})
    @Proves(
            client = StockClient.CURL,
            calls = {"POST /v1/sessions", "GET /v1/sessions", "GET /v1/sessions/{id}/debug", "POST /v1/sessions/{id}"})
    void anExampleDoesWhatItSays(String name) throws IOException {
        awaitWarm();
        var file = ROOM.resolve(name);
        Files.deleteIfExists(file);
        Files.copy(EXAMPLES.resolve(name), file);

        assertThat(hearth.asClient(List.of(interpreter(name), file.toString()))).contains(SAYS.get(name));
    }

    @Test
    void everyExampleIsRun() throws IOException {
        try (var files = Files.list(EXAMPLES)) {
            assertThat(files.map(file -> file.getFileName().toString()).filter(name -> !name.equals("README.md")))
                    .containsExactlyInAnyOrderElementsOf(Stream.concat(SAYS.keySet().stream(), Stream.of(BINDING))
                            .toList());
        }
    }

    @Test
    void cloudflaresClientsAreRunThroughTheBindingThatIsShown() throws IOException {
        for (var script : List.of("cloudflare-puppeteer.mjs", "cloudflare-playwright.mjs", "cloudflare-race.mjs")) {
            assertThat(Path.of("src/test/node", script)).content().contains("'../../../docs/examples/" + BINDING + "'");
        }
    }

    /** Examples show no patience: what they would wait for is waited for here. */
    private void awaitWarm() {
        hearth.release(hearth.claim("{\"keepAlive\":true}").path("id").asText());
        new Pools(hearth).awaitWarm("default", "local-east", 2);
    }

    private static String interpreter(String name) {
        return switch (name.substring(name.lastIndexOf('.') + 1)) {
            case "mjs" -> "node";
            case "py" -> "src/test/python/.venv/bin/python";
            case "sh" -> "bash";
            default -> throw new IllegalArgumentException("nothing runs " + name);
        };
    }
}
