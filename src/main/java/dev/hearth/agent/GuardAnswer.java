package dev.hearth.agent;

import com.fasterxml.jackson.core.JsonFactory;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** What Chrome reads from its proxy where it does not get through: RFC 9457, with the host and the rule. Pure. */
final class GuardAnswer {
    static final String ESTABLISHED = "HTTP/1.1 200 Connection established\r\n\r\n";

    private static final JsonFactory JSON = new JsonFactory();

    private GuardAnswer() {}

    static byte[] refused(String host, String rule, String why) {
        return answer(403, "Forbidden", "egress-refused", "The browser may not go there", host, rule, why);
    }

    static byte[] failed(String host, String why) {
        return answer(502, "Bad Gateway", "egress-failed", "The host cannot be reached", host, "", why);
    }

    static byte[] malformed(int status, String why) {
        return answer(status, "Bad Request", "egress-failed", "The request cannot be passed on", "", "", why);
    }

    private static byte[] answer(
            int status, String reason, String code, String title, String host, String rule, String why) {
        var out = new StringWriter();
        try (var json = JSON.createGenerator(out)) {
            json.writeStartObject();
            json.writeStringField("type", "https://hearth.dev/problems/" + code);
            json.writeStringField("title", title);
            json.writeNumberField("status", status);
            json.writeStringField("detail", host.isEmpty() ? why : host + ": " + why);
            json.writeStringField("code", code);
            if (!host.isEmpty()) {
                json.writeStringField("host", host);
            }
            if (!rule.isEmpty()) {
                json.writeStringField("rule", rule);
            }
            json.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        var body = out.toString().getBytes(StandardCharsets.UTF_8);
        var head = "HTTP/1.1 " + status + " " + reason + "\r\nconnection: close\r\ncache-control: no-store\r\n"
                + "content-type: application/problem+json\r\ncontent-length: " + body.length + "\r\n\r\n";
        return (head + out).getBytes(StandardCharsets.UTF_8);
    }
}
