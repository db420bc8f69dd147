package dev.hearth.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hearth.claim.Place;
import dev.hearth.claim.WantedTerms;
import dev.hearth.gateway.Bounds;
import dev.hearth.gateway.Problem;
import dev.hearth.gateway.Refusal;
import dev.hearth.wire.EgressRules;
import dev.hearth.wire.PageSettings;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * What a {@code POST /v1/sessions} asks for. Pure.
 *
 * @param waitTimeout how long the claim may wait for a browser
 * @param egress where its browser may go, if the claim says so
 * @param ignored fields of Browserbase's API that are understood and not acted upon
 */
record NewSession(
        @Nullable String projectId,
        @Nullable String pool,
        @Nullable String region,
        @Nullable Place location,
        WantedTerms terms,
        String metadata,
        Duration waitTimeout,
        @Nullable PageSettings settings,
        EgressRules egress,
        List<String> ignored) {
    /** As compact JSON. Larger makes the hot session row spill out of its page. */
    private static final int LONGEST_METADATA = 4096;

    private static final int LARGEST_EXPONENT = 1000;

    /** A session that can be claimed, or why not. */
    sealed interface Parsed {
        record Usable(NewSession session) implements Parsed {}

        record Refused(Refusal refusal) implements Parsed {}
    }

    static Parsed parse(ObjectNode json) {
        var unsupported = VendorFields.refusal(json);
        if (unsupported.isPresent()) {
            return new Parsed.Refused(unsupported.get());
        }
        var fields = new Fields(json);
        var session = new NewSession(
                fields.text("projectId"),
                fields.name("pool"),
                fields.name("region"),
                LocationField.read(fields),
                terms(fields),
                metadata(fields),
                Objects.requireNonNullElse(fields.seconds(Bounds.WAIT_TIMEOUT), Duration.ZERO),
                BrowserSettings.read(fields),
                EgressFields.read(fields),
                VendorFields.ignored(json));
        return fields.refusal().<Parsed>map(Parsed.Refused::new).orElseGet(() -> new Parsed.Usable(session));
    }

    /** What to answer where no guarded pool may serve it; null: any pool will do. */
    @Nullable
    Refusal unguarded() {
        if (egress.isNone()) {
            return null;
        }
        return egress.allowedDomains() == null
                ? Refusal.of(
                                Problem.PROXIES_UNSUPPORTED,
                                "Proxies need a pool with 'egress: Guarded', and none may serve this: traffic would leave the"
                                        + " browser directly. Leave 'proxies' out, or name another pool or region.")
                        .at("/proxies")
                : Refusal.of(
                                Problem.ALLOWED_DOMAINS_UNSUPPORTED,
                                "allowedDomains need a pool with 'egress: Guarded', and none may serve this: the browser would"
                                        + " go anywhere. Leave them out, or name another pool or region.")
                        .at("/browserSettings/allowedDomains");
    }

    /** The proxies' passwords stay out. */
    @Override
    public String toString() {
        return "NewSession[pool=" + pool + ", region=" + region + "]";
    }

    private static WantedTerms terms(Fields fields) {
        return new WantedTerms(
                fields.seconds(Bounds.TIMEOUT),
                fields.seconds(Bounds.IDLE_TIMEOUT),
                fields.seconds(Bounds.CONNECT_TIMEOUT),
                fields.seconds(Bounds.RECONNECT_WINDOW),
                fields.flag("keepAlive"),
                fields.connections("connections"));
    }

    private static String metadata(Fields fields) {
        JsonNode metadata = fields.object("userMetadata");
        if (metadata != null && hasHugeNumber(metadata)) {
            fields.refuse(Refusal.of(
                            Problem.FIELD_RANGE,
                            "Numbers in '/userMetadata' may have an exponent of ±" + LARGEST_EXPONENT + " at most.")
                    .at("/userMetadata"));
        }
        var text = metadata == null ? "{}" : JsonBody.text(metadata);
        if (text.getBytes(StandardCharsets.UTF_8).length > LONGEST_METADATA) {
            fields.refuse(Refusal.of(
                            Problem.METADATA_TOO_LARGE,
                            "'/userMetadata' may have " + LONGEST_METADATA + " bytes at most, as compact JSON.")
                    .at("/userMetadata"));
        }
        return text;
    }

    /** Postgres reads metadata as jsonb when it is searched, and knows no such numbers. */
    private static boolean hasHugeNumber(JsonNode json) {
        return json.isNumber()
                ? Math.abs((long) json.decimalValue().scale()) > LARGEST_EXPONENT
                : StreamSupport.stream(json.spliterator(), false).anyMatch(NewSession::hasHugeNumber);
    }
}
