package dev.hearth.cdp;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A client's wish to end the browser, which Chrome would obey at once: {@code {"id":7,"method":"Browser.close"}}.
 *
 * @param cdpSession the flat CDP session it was sent in, if one
 */
record BrowserCloseCommand(long id, @Nullable String cdpSession) {
    private static final JsonFactory JSON = new JsonFactory();
    private static final String METHOD = "Browser.close";

    /** Empty for every other command, and for what Chrome would not take as one (no JSON object, no number as id). */
    static Optional<BrowserCloseCommand> in(byte[] text) {
        try (var json = JSON.createParser(text)) {
            return json.nextToken() == JsonToken.START_OBJECT ? read(json) : Optional.empty();
        } catch (IOException notJson) {
            return Optional.empty();
        }
    }

    private static Optional<BrowserCloseCommand> read(JsonParser json) throws IOException {
        Long id = null;
        var close = false;
        String cdpSession = null;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            var name = json.currentName();
            var value = json.nextToken();
            if (name.equals("id") && value.isNumeric()) {
                id = json.getValueAsLong();
            } else if (name.equals("method") && value == JsonToken.VALUE_STRING) {
                // A name given twice: what Chrome makes of it is not ours to bet a browser on.
                close |= json.getText().equals(METHOD);
            } else if (name.equals("sessionId") && value == JsonToken.VALUE_STRING) {
                cdpSession = json.getText();
            }
            json.skipChildren();
        }
        return close && id != null ? Optional.of(new BrowserCloseCommand(id, cdpSession)) : Optional.empty();
    }

    /** What Chrome would have said before it went. */
    String answer() {
        var out = new StringWriter();
        try (var json = JSON.createGenerator(out)) {
            json.writeStartObject();
            json.writeNumberField("id", id);
            json.writeObjectFieldStart("result");
            json.writeEndObject();
            if (cdpSession != null) {
                json.writeStringField("sessionId", cdpSession);
            }
            json.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return out.toString();
    }
}
