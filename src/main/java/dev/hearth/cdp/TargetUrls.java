package dev.hearth.cdp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.UnaryOperator;

/** Puts URLs that lead through the gateway into Chrome's own answers, which name its loopback port. Pure. */
public final class TargetUrls {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String URL = "webSocketDebuggerUrl";
    /** A page of Chrome's own with the loopback address inside: of no use from outside. */
    private static final String FRONTEND = "devtoolsFrontendUrl";

    private TargetUrls() {}

    /** The answer at the root, where no browser is chosen yet. */
    static byte[] version(String url) {
        return bytes(JsonNodeFactory.instance
                .objectNode()
                .put("Browser", "Chrome")
                .put("Protocol-Version", "1.3")
                .put(URL, url));
    }

    public static byte[] rewriteVersion(byte[] version, String url) {
        var json = (ObjectNode) read(version);
        json.put(URL, url);
        return bytes(json);
    }

    /** @param pageUrl from a target's id to its page socket */
    static byte[] rewriteList(byte[] list, UnaryOperator<String> pageUrl) {
        var json = read(list);
        rewrite(json, pageUrl);
        return bytes(json);
    }

    /** @param frontend from a page's id to where a person sees it */
    public static byte[] rewriteList(byte[] list, UnaryOperator<String> pageUrl, UnaryOperator<String> frontend) {
        var json = read(list);
        rewrite(json, pageUrl);
        for (var target : json) {
            if (target.path("type").asText().equals("page")) {
                ((ObjectNode) target)
                        .put(FRONTEND, frontend.apply(target.path("id").asText()));
            }
        }
        return bytes(json);
    }

    private static void rewrite(JsonNode list, UnaryOperator<String> pageUrl) {
        for (var target : list) {
            var page = (ObjectNode) target;
            page.remove(FRONTEND);
            if (page.has(URL)) {
                page.put(URL, pageUrl.apply(page.path("id").asText()));
            }
        }
    }

    private static JsonNode read(byte[] json) {
        try {
            return JSON.readTree(json);
        } catch (IOException notChrome) {
            throw new UncheckedIOException(notChrome);
        }
    }

    private static byte[] bytes(JsonNode json) {
        try {
            return JSON.writeValueAsBytes(json);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }
}
