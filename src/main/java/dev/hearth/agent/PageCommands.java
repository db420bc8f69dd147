package dev.hearth.agent;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.hearth.wire.PageSettings;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** The CDP commands that make one page, or a frame with a process of its own, be as its session wants it. Pure. */
final class PageCommands {
    private static final JsonFactory JSON = new JsonFactory();

    /** Frames of other sites are targets of their own: without this they would keep Chrome's language and zone. */
    private static final Command FRAMES_TOO = new Command("Target.setAutoAttach", json -> {
        json.writeBooleanField("autoAttach", true);
        json.writeBooleanField("waitForDebuggerOnStart", true);
        json.writeBooleanField("flatten", true);
        json.writeArrayFieldStart("filter");
        json.writeStartObject();
        json.writeStringField("type", "iframe");
        json.writeEndObject();
        json.writeEndArray();
    });

    private PageCommands() {}

    /** @param params as JSON */
    record Command(String method, String params) {
        private Command(String method, Params params) {
            this(method, text(params));
        }
    }

    private interface Params {
        void write(JsonGenerator json) throws IOException;
    }

    /** @param isPage a frame takes its page's size */
    static List<Command> of(PageSettings settings, boolean isPage) {
        var commands = new ArrayList<Command>();
        var viewport = settings.viewport();
        if (viewport != null && isPage) {
            commands.add(new Command("Emulation.setDeviceMetricsOverride", json -> {
                json.writeNumberField("width", viewport.width());
                json.writeNumberField("height", viewport.height());
                json.writeNumberField("deviceScaleFactor", 0);
                json.writeBooleanField("mobile", false);
            }));
        }
        var userAgent = settings.userAgent();
        var locale = settings.locale();
        if (userAgent != null || locale != null) {
            // An empty user agent leaves Chrome's own, client hints included, and sets the languages alone.
            commands.add(new Command("Emulation.setUserAgentOverride", json -> {
                json.writeStringField("userAgent", userAgent == null ? "" : userAgent);
                if (locale != null) {
                    json.writeStringField("acceptLanguage", locale);
                }
            }));
        }
        if (locale != null) {
            commands.add(new Command("Emulation.setLocaleOverride", json -> json.writeStringField("locale", locale)));
        }
        var timezone = settings.timezone();
        if (timezone != null) {
            commands.add(new Command(
                    "Emulation.setTimezoneOverride", json -> json.writeStringField("timezoneId", timezone)));
        }
        if (settings.ignoreCertificateErrors()) {
            commands.add(
                    new Command("Security.setIgnoreCertificateErrors", json -> json.writeBooleanField("ignore", true)));
        }
        commands.add(FRAMES_TOO);
        return commands;
    }

    private static String text(Params params) {
        var out = new StringWriter();
        try (var json = JSON.createGenerator(out)) {
            json.writeStartObject();
            params.write(json);
            json.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return out.toString();
    }
}
