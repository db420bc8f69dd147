package dev.hearth.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.function.Function;
import java.util.stream.StreamSupport;

/**
 * A session's views in Browserbase's words. Both debugger URLs of a page are Chrome's own DevTools with the page's picture:
 * there is no other front end. The first page's stand for the session; they are empty while it has no page.
 *
 * @param wsUrl the first page's socket
 */
record LiveViews(String debuggerUrl, String debuggerFullscreenUrl, String wsUrl, List<Page> pages) {
    /** @param title and {@code url}: a stranger's words */
    record Page(
            String id,
            String url,
            String title,
            String faviconUrl,
            String debuggerUrl,
            String debuggerFullscreenUrl,
            String wsUrl) {}

    /** Where a page can be looked at. */
    record Links(String page, String socket) {}

    /** @param targets Chrome's own list */
    static LiveViews of(JsonNode targets, Function<String, Links> links) {
        var pages = StreamSupport.stream(targets.spliterator(), false)
                .filter(target -> target.path("type").asText().equals("page"))
                .map(target -> page(target, links.apply(target.path("id").asText())))
                .toList();
        return pages.stream()
                .findFirst()
                .map(first -> new LiveViews(first.debuggerUrl(), first.debuggerFullscreenUrl(), first.wsUrl(), pages))
                .orElseGet(() -> new LiveViews("", "", "", List.of()));
    }

    private static Page page(JsonNode target, Links links) {
        return new Page(
                target.path("id").asText(),
                target.path("url").asText(),
                target.path("title").asText(),
                target.path("faviconUrl").asText(),
                links.page(),
                links.page(),
                links.socket());
    }

    @Override
    public String toString() {
        return "LiveViews[" + pages.size() + " pages]";
    }
}
