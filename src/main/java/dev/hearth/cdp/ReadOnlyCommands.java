package dev.hearth.cdp;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a read-only viewer may ask of a page: to see it, its DOM and its console. Nothing that acts, nothing that stops it
 * (a debugger would, at its first breakpoint), and nothing of its network, whose headers are its credentials. Each command
 * is written anew from what was read, so that Chrome cannot read it otherwise. Pure.
 */
final class ReadOnlyCommands {
    private static final Set<String> ALLOWED = Set.of(
            "Accessibility.getFullAXTree",
            "Browser.getVersion",
            "CSS.enable",
            "CSS.getComputedStyleForNode",
            "CSS.getInlineStylesForNode",
            "CSS.getMatchedStylesForNode",
            "DOM.describeNode",
            "DOM.enable",
            "DOM.getAttributes",
            "DOM.getBoxModel",
            "DOM.getDocument",
            "DOM.getOuterHTML",
            "DOM.pushNodesByBackendIdsToFrontend",
            "DOM.requestChildNodes",
            "Inspector.enable",
            "Log.enable",
            "Page.enable",
            "Page.getFrameTree",
            "Page.getLayoutMetrics",
            "Page.getNavigationHistory",
            "Page.getResourceTree",
            "Page.screencastFrameAck",
            "Page.startScreencast",
            "Page.stopScreencast",
            "Runtime.enable",
            "Target.getTargetInfo");

    /** Chrome knows no such domain: it refuses the command in its own words, at the command's own place. */
    private static final String REFUSED = "ReadOnly.";

    private static final int LONGEST_METHOD = 100;

    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private ReadOnlyCommands() {}

    private record Command(long id, String method, @Nullable String params) {
        private boolean isAllowed() {
            return ALLOWED.contains(method);
        }
    }

    /** What Chrome gets instead of this text. Empty: the text is no command, and the connection must not go on. */
    static Optional<byte[]> instead(byte[] text) {
        try (var json = JSON.createParser(text)) {
            return json.nextToken() == JsonToken.START_OBJECT
                    ? read(json).map(ReadOnlyCommands::written)
                    : Optional.empty();
        } catch (IOException notJson) {
            return Optional.empty();
        }
    }

    private static Optional<Command> read(JsonParser json) throws IOException {
        Long id = null;
        String method = null;
        String params = null;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            var name = json.currentName();
            var value = json.nextToken();
            if (name.equals("id") && value == JsonToken.VALUE_NUMBER_INT) {
                id = json.getLongValue();
            } else if (name.equals("method") && value == JsonToken.VALUE_STRING) {
                method = json.getText();
            } else if (name.equals("params") && value == JsonToken.START_OBJECT) {
                params = copy(json);
            } else if (name.equals("sessionId")) {
                // Other targets are reached by attaching, which is not for viewers.
                return Optional.empty();
            }
            json.skipChildren();
        }
        return id == null || method == null || json.nextToken() != null
                ? Optional.empty()
                : Optional.of(new Command(id, method, params));
    }

    private static String copy(JsonParser json) throws IOException {
        var out = new StringWriter();
        try (var generator = JSON.createGenerator(out)) {
            generator.copyCurrentStructure(json);
        }
        return out.toString();
    }

    private static byte[] written(Command command) {
        var known = command.method().replaceAll("[^A-Za-z.]", "?");
        var method = command.isAllowed()
                ? command.method()
                : REFUSED + known.substring(0, Math.min(known.length(), LONGEST_METHOD));
        var params = command.isAllowed() && command.params() != null ? ",\"params\":" + command.params() : "";
        return ("{\"id\":" + command.id() + ",\"method\":\"" + method + "\"" + params + "}")
                .getBytes(StandardCharsets.UTF_8);
    }
}
