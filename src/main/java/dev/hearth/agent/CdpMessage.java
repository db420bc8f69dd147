package dev.hearth.agent;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What Chrome says on the agent's own connection, flattened: {@code params.targetInfo.type} or
 * {@code result.targetInfos.0.url}. Page titles and URLs in it are a stranger's words.
 */
record CdpMessage(Map<String, String> fields) {
    private static final JsonFactory JSON = new JsonFactory();

    /** Deeper things are skipped: nothing that we ask for lies there. */
    private static final int DEEPEST = 4;

    /** Empty: not JSON, which Chrome never sends. */
    static Optional<CdpMessage> parse(byte[] text, int length) {
        try (var json = JSON.createParser(text, 0, length)) {
            var fields = new HashMap<String, String>();
            json.nextToken();
            flatten(json, "", 0, fields);
            return Optional.of(new CdpMessage(fields));
        } catch (IOException malformed) {
            return Optional.empty();
        }
    }

    /** Parameters come as JSON text of our own making. */
    static String command(int id, String method, String params, @Nullable String session) {
        var out = new StringWriter();
        try (var json = JSON.createGenerator(out)) {
            json.writeStartObject();
            json.writeNumberField("id", id);
            json.writeStringField("method", method);
            json.writeFieldName("params");
            json.writeRawValue(params);
            if (session != null) {
                json.writeStringField("sessionId", session);
            }
            json.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return out.toString();
    }

    /** 0 for an event: our commands count from 1. */
    int id() {
        var id = fields.get("id");
        return id == null ? 0 : Integer.parseInt(id);
    }

    String text(String path) {
        return fields.getOrDefault(path, "");
    }

    boolean failed() {
        return fields.keySet().stream().anyMatch(path -> path.startsWith("error"));
    }

    private static void flatten(JsonParser json, String path, int depth, Map<String, String> into) throws IOException {
        if (json.currentToken() == null || json.currentToken().isScalarValue()) {
            into.put(path, json.currentToken() == null ? "" : json.getText());
            return;
        }
        if (depth == DEEPEST) {
            json.skipChildren();
            return;
        }
        var array = json.currentToken() == JsonToken.START_ARRAY;
        for (var index = 0; ; index++) {
            var token = json.nextToken();
            if (token == null || token.isStructEnd()) {
                return;
            }
            var name = array ? Integer.toString(index) : json.currentName();
            if (!array) {
                json.nextToken();
            }
            flatten(json, path.isEmpty() ? name : path + "." + name, depth + 1, into);
        }
    }
}
