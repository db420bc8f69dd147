package dev.hearth.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hearth.gateway.Problem;
import dev.hearth.gateway.Refusal;
import dev.hearth.wire.PageSettings;
import java.time.ZoneId;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What of {@code browserSettings} is acted upon, checked so that Chrome will take it. Pure. */
final class BrowserSettings {
    static final Set<String> ACTED_UPON =
            Set.of("viewport", "userAgent", "locale", "timezone", "ignoreCertificateErrors", "allowedDomains");

    private static final String AT = "/browserSettings";
    /** More than any screen; Chrome itself would take a thousand times that and die of it. */
    private static final int LARGEST_SIDE = 10_000;

    private static final Pattern USER_AGENT = Pattern.compile("[\\x20-\\x7E]{1,512}");
    private static final Pattern LOCALE = Pattern.compile("[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}");

    private BrowserSettings() {}

    /** Null where nothing is asked for. What is wrong is told to {@code body}. */
    static @Nullable PageSettings read(Fields body) {
        var json = body.object("browserSettings");
        if (json == null) {
            return null;
        }
        var fields = new Fields(json, AT);
        var settings = new PageSettings(
                viewport(fields),
                fields.matching("userAgent", USER_AGENT, "1…512 printable ASCII characters"),
                fields.matching("locale", LOCALE, "a BCP 47 tag like \"de-DE\""),
                timezone(fields),
                Objects.requireNonNullElse(fields.flag("ignoreCertificateErrors"), false));
        fields.refusal().ifPresent(body::refuse);
        return settings.isNone() ? null : settings;
    }

    private static PageSettings.@Nullable Viewport viewport(Fields settings) {
        var json = settings.object("viewport");
        if (json == null) {
            return null;
        }
        var fields = new Fields(json, AT + "/viewport");
        var width = fields.integer("width", 1, LARGEST_SIDE);
        var height = fields.integer("height", 1, LARGEST_SIDE);
        fields.refusal().or(() -> incomplete(json)).ifPresent(settings::refuse);
        return width == null || height == null ? null : new PageSettings.Viewport(width, height);
    }

    private static Optional<Refusal> incomplete(ObjectNode viewport) {
        return viewport.hasNonNull("width") && viewport.hasNonNull("height") && viewport.size() == 2
                ? Optional.empty()
                : Optional.of(
                        Refusal.of(Problem.FIELD_TYPE, "'" + AT + "/viewport' must be {\"width\": …, \"height\": …}.")
                                .at(AT + "/viewport"));
    }

    private static @Nullable String timezone(Fields fields) {
        var name = fields.text("timezone");
        if (name != null && !ZoneId.getAvailableZoneIds().contains(name)) {
            fields.refuse(Refusal.of(
                            Problem.FIELD_RANGE,
                            "'" + AT + "/timezone' must be an IANA time zone like \"Europe/Berlin\".")
                    .at(AT + "/timezone"));
            return null;
        }
        return name;
    }
}
