package dev.hearth.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Messages as flat JSON lines. Unknown fields are skipped, so that either side may be upgraded first. */
public final class MessageCodec {
    private static final JsonFactory JSON = new JsonFactory();

    private MessageCodec() {}

    /** The message as one line, its LF included. */
    public static byte[] encode(Message message) {
        var out = new ByteArrayOutputStream(256);
        try (var json = JSON.createGenerator(out)) {
            json.writeStartObject();
            switch (message) {
                case Message.Hello hello -> {
                    json.writeStringField("t", "hello");
                    json.writeStringField("browser", hello.browser().toString());
                    json.writeStringField("pod", hello.podUid());
                    json.writeStringField("token", hello.token());
                }
                case Message.Welcome welcome -> write(json, "welcome", welcome.state());
                case Message.Refused refused -> {
                    json.writeStringField("t", "refused");
                    json.writeStringField("browser", refused.browser().toString());
                    json.writeStringField("reason", refused.reason());
                }
                case Message.Beating beating -> write(json, beating.beat());
                case Message.Reply reply -> write(json, "reply", reply.reply());
            }
            json.writeEndObject();
            json.writeRaw('\n');
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return out.toByteArray();
    }

    /** @throws IllegalArgumentException naming what is wrong, without echoing values */
    public static Message decode(byte[] line, int offset, int length) {
        var fields = fields(line, offset, length);
        try {
            return switch (text(fields, "t")) {
                case "hello" -> new Message.Hello(uuid(fields, "browser"), text(fields, "pod"), text(fields, "token"));
                case "welcome" -> new Message.Welcome(reply(fields));
                case "refused" -> new Message.Refused(uuid(fields, "browser"), text(fields, "reason"));
                case "beat" -> new Message.Beating(beat(fields));
                case "reply" -> new Message.Reply(reply(fields));
                default -> throw new IllegalArgumentException("unknown message type");
            };
        } catch (NumberFormatException notANumber) {
            throw new IllegalArgumentException("a number field holds no number", notANumber);
        }
    }

    private static void write(JsonGenerator json, Beat beat) throws IOException {
        json.writeStringField("t", "beat");
        json.writeStringField("browser", beat.browser().toString());
        json.writeStringField("pod", beat.podUid());
        json.writeNumberField("seq", beat.sequence());
        json.writeStringField("chrome", beat.chrome().name());
        if (beat.session() != null) {
            json.writeStringField("session", beat.session().toString());
        }
        json.writeNumberField("epoch", beat.epoch());
        json.writeNumberField("connections", beat.connections());
        json.writeBooleanField("connected", beat.connected());
        json.writeBooleanField("left", beat.left());
        json.writeNumberField("commands", beat.commands());
        json.writeNumberField("idle", beat.idleMillis());
        if (beat.proxyBytes() > 0) {
            json.writeNumberField("proxied", beat.proxyBytes());
        }
    }

    private static void write(JsonGenerator json, String type, BeatReply reply) throws IOException {
        json.writeStringField("t", type);
        json.writeStringField("browser", reply.browser().toString());
        json.writeNumberField("seq", reply.sequence());
        json.writeNumberField("epoch", reply.epoch());
        if (reply.session() != null) {
            json.writeStringField("session", reply.session().toString());
        }
        json.writeNumberField("remaining", reply.remainingMillis());
        if (reply.idleMillis() > 0) {
            json.writeNumberField("idle", reply.idleMillis());
        }
        if (reply.awaitedMillis() > 0) {
            json.writeNumberField("awaited", reply.awaitedMillis());
        }
        json.writeBooleanField("ended", reply.ended());
    }

    private static Beat beat(Map<String, String> fields) {
        return new Beat(
                uuid(fields, "browser"),
                text(fields, "pod"),
                number(fields, "seq"),
                Beat.Chrome.valueOf(text(fields, "chrome")),
                optionalUuid(fields, "session"),
                number(fields, "epoch"),
                Integer.parseInt(text(fields, "connections")),
                flag(fields, "connected"),
                flag(fields, "left"),
                number(fields, "commands"),
                number(fields, "idle"),
                numberOrZero(fields, "proxied"));
    }

    private static BeatReply reply(Map<String, String> fields) {
        return new BeatReply(
                uuid(fields, "browser"),
                number(fields, "seq"),
                number(fields, "epoch"),
                optionalUuid(fields, "session"),
                number(fields, "remaining"),
                numberOrZero(fields, "idle"),
                numberOrZero(fields, "awaited"),
                flag(fields, "ended"));
    }

    /** The object's scalar fields as text: messages are flat, so anything nested is refused. */
    private static Map<String, String> fields(byte[] line, int offset, int length) {
        try (var json = JSON.createParser(line, offset, length)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new IllegalArgumentException("a message is a JSON object");
            }
            var fields = new HashMap<String, String>();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                var name = json.currentName();
                if (!json.nextToken().isScalarValue()) {
                    throw new IllegalArgumentException("a message is flat");
                }
                fields.put(name, json.getText());
            }
            return fields;
        } catch (IOException malformed) {
            throw new IllegalArgumentException("not JSON", malformed);
        }
    }

    private static String text(Map<String, String> fields, String name) {
        var text = Objects.requireNonNullElseGet(fields.get(name), () -> {
            throw new IllegalArgumentException("field '" + name + "' is missing");
        });
        // No database takes a NUL in a text: one stranger's would fail all who are asked for in the same statement.
        if (text.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("field '" + name + "' has control characters");
        }
        return text;
    }

    private static long number(Map<String, String> fields, String name) {
        return Long.parseLong(text(fields, name));
    }

    /** Of what is left out where it is nothing, and by those who do not know of it yet. */
    private static long numberOrZero(Map<String, String> fields, String name) {
        return fields.containsKey(name) ? number(fields, name) : 0;
    }

    private static boolean flag(Map<String, String> fields, String name) {
        return Boolean.parseBoolean(text(fields, name));
    }

    private static UUID uuid(Map<String, String> fields, String name) {
        return UUID.fromString(text(fields, name));
    }

    private static @Nullable UUID optionalUuid(Map<String, String> fields, String name) {
        var text = fields.get(name);
        return text == null ? null : UUID.fromString(text);
    }
}
