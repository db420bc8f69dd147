package dev.hearth.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * How a session wants its pages to be, from their first command on. Null: as Chrome has it. Values were checked where they
 * came in; as JSON it is what the store keeps, in base64url what a gateway sends with its grant.
 *
 * @param locale a BCP 47 tag @param timezone an IANA name
 */
public record PageSettings(
        @Nullable Viewport viewport,
        @Nullable String userAgent,
        @Nullable String locale,
        @Nullable String timezone,
        boolean ignoreCertificateErrors) {

    /** The header beside the grant of a client's connection. */
    public static final String HEADER = "Hearth-Settings";

    private static final JsonFactory JSON = new JsonFactory();

    /** In CSS pixels. */
    public record Viewport(int width, int height) {}

    public boolean isNone() {
        return viewport == null && userAgent == null && locale == null && timezone == null && !ignoreCertificateErrors;
    }

    public String json() {
        var out = new StringWriter();
        try (var json = JSON.createGenerator(out)) {
            json.writeStartObject();
            if (viewport != null) {
                json.writeNumberField("width", viewport.width());
                json.writeNumberField("height", viewport.height());
            }
            if (userAgent != null) {
                json.writeStringField("userAgent", userAgent);
            }
            if (locale != null) {
                json.writeStringField("locale", locale);
            }
            if (timezone != null) {
                json.writeStringField("timezone", timezone);
            }
            if (ignoreCertificateErrors) {
                json.writeBooleanField("ignoreCertificateErrors", true);
            }
            json.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return out.toString();
    }

    /** @param json as {@link #json} wrote it */
    public static String header(String json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }

    /** @throws IllegalArgumentException where the header is not one of ours. Unknown fields are skipped, as in messages. */
    public static PageSettings ofHeader(String header) {
        try (var json = JSON.createParser(Base64.getUrlDecoder().decode(header))) {
            json.nextToken();
            return read(json);
        } catch (IOException malformed) {
            throw new IllegalArgumentException("settings are no JSON", malformed);
        }
    }

    private static PageSettings read(JsonParser json) throws IOException {
        var width = 0;
        var height = 0;
        String userAgent = null;
        String locale = null;
        String timezone = null;
        var ignoreCertificateErrors = false;
        for (var field = json.nextFieldName(); field != null; field = json.nextFieldName()) {
            json.nextToken();
            switch (field) {
                case "width" -> width = json.getIntValue();
                case "height" -> height = json.getIntValue();
                case "userAgent" -> userAgent = json.getText();
                case "locale" -> locale = json.getText();
                case "timezone" -> timezone = json.getText();
                case "ignoreCertificateErrors" -> ignoreCertificateErrors = json.getBooleanValue();
                default -> json.skipChildren();
            }
        }
        var viewport = width > 0 && height > 0 ? new Viewport(width, height) : null;
        return new PageSettings(viewport, userAgent, locale, timezone, ignoreCertificateErrors);
    }
}
