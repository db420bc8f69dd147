package dev.hearth.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/** Clients that their makers ship and the journeys use, with the pin that says in which version. */
public enum StockClient {
    BROWSERBASE_NODE("@browserbasehq/sdk (Node)", "src/test/node/package.json", "\"@browserbasehq/sdk\": \"([^\"]+)\""),
    BROWSERBASE_PYTHON("browserbase (Python)", "src/test/python/requirements.txt", "^browserbase==(\\S+)"),
    PUPPETEER("puppeteer-core", "src/test/node/package.json", "\"puppeteer-core\": \"([^\"]+)\""),
    PLAYWRIGHT_NODE("playwright-core (Node)", "src/test/node/package.json", "\"playwright-core\": \"([^\"]+)\""),
    PLAYWRIGHT_PYTHON("playwright (Python)", "src/test/python/requirements.txt", "^playwright==(\\S+)"),
    PLAYWRIGHT_JAVA("Playwright for Java", "pom.xml", "<playwright.version>([^<]+)<"),
    CLOUDFLARE_PUPPETEER(
            "@cloudflare/puppeteer", "src/test/node/package.json", "\"@cloudflare/puppeteer\": \"([^\"]+)\""),
    CLOUDFLARE_PLAYWRIGHT(
            "@cloudflare/playwright", "src/test/node/package.json", "\"@cloudflare/playwright\": \"([^\"]+)\""),
    CLOUDFLARE_REST("cloudflare (Node)", "src/test/node/package.json", "\"cloudflare\": \"([^\"]+)\""),
    WORKERD("@cloudflare/puppeteer in workerd", "src/test/node/package.json", "\"workerd\": \"([^\"]+)\""),
    DEVTOOLS("Chrome's own DevTools"),
    CURL("curl");

    private final String title;
    private final Optional<Pin> pin;

    /** Comes with the browser or the machine. */
    StockClient(String title) {
        this.title = title;
        this.pin = Optional.empty();
    }

    StockClient(String title, String file, String pin) {
        this.title = title;
        this.pin = Optional.of(new Pin(Path.of(file), Pattern.compile("(?m)" + pin)));
    }

    private record Pin(Path file, Pattern version) {
        private String read() {
            try {
                var found = version.matcher(Files.readString(file));
                if (!found.find()) {
                    throw new IllegalStateException(file + " does not match " + version);
                }
                return found.group(1);
            } catch (IOException unreadable) {
                throw new UncheckedIOException(unreadable);
            }
        }
    }

    String title() {
        return title;
    }

    String version() {
        return pin.map(Pin::read).orElse("any");
    }
}
