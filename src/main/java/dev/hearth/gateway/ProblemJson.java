package dev.hearth.gateway;

import com.fasterxml.jackson.core.JsonFactory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** A refusal as an RFC 9457 document. */
public final class ProblemJson {
    public static final String MEDIA_TYPE = "application/problem+json";

    private static final JsonFactory JSON = new JsonFactory();

    private ProblemJson() {}

    public static byte[] body(Refusal refusal, String requestId) {
        var problem = refusal.problem();
        var out = new ByteArrayOutputStream(256);
        try (var json = JSON.createGenerator(out)) {
            json.writeStartObject();
            json.writeStringField("type", problem.type());
            json.writeStringField("title", problem.title());
            json.writeNumberField("status", problem.status());
            json.writeStringField("detail", refusal.detail());
            json.writeStringField("code", problem.slug());
            if (refusal.field() != null) {
                json.writeStringField("field", refusal.field());
            }
            for (var extra : refusal.extra().entrySet()) {
                json.writePOJOField(extra.getKey(), extra.getValue());
            }
            json.writeStringField("requestId", requestId);
            json.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return out.toByteArray();
    }
}
