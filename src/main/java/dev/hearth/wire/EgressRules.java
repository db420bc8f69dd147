package dev.hearth.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a session's browser may go, and by which proxies. Values were checked where they came in. Travels inside the
 * session's settings, beside {@link PageSettings}; holds proxies' passwords, so it is never logged and never answered.
 *
 * @param allowedDomains each with its subdomains; {@code =} in front: itself alone; a star stands for any characters. Null:
 *     any; empty: none
 * @param routes the first that fits a host decides; where none does the browser goes directly
 */
public record EgressRules(@Nullable List<String> allowedDomains, List<Route> routes) {
    /** Any public address, directly. */
    public static final EgressRules NONE = new EgressRules(null, List.of());

    private static final JsonFactory JSON = new JsonFactory();
    private static final String FIELD = "egress";

    public EgressRules {
        allowedDomains = allowedDomains == null ? null : List.copyOf(allowedDomains);
        routes = List.copyOf(routes);
    }

    /**
     * @param pattern of the hosts that go this way; null: all
     * @param proxy null: directly
     */
    public record Route(@Nullable String pattern, @Nullable Proxy proxy) {}

    /** An HTTP proxy somewhere on the internet. */
    public record Proxy(
            String host,
            int port,
            @Nullable String username,
            @Nullable String password) {
        /** Who may use it stays out. */
        @Override
        public String toString() {
            return "Proxy[" + host + ":" + port + "]";
        }
    }

    public boolean isNone() {
        return allowedDomains == null && routes.isEmpty();
    }

    /** A session's settings as the store keeps them; null where there are none. */
    public static @Nullable String settings(@Nullable PageSettings pages, EgressRules egress) {
        if (egress.isNone()) {
            return pages == null ? null : pages.json();
        }
        var own = "\"" + FIELD + "\":" + egress.json() + "}";
        var others = pages == null ? "{}" : pages.json();
        return others.equals("{}") ? "{" + own : others.substring(0, others.length() - 1) + "," + own;
    }

    public String json() {
        var out = new StringWriter();
        try (var json = JSON.createGenerator(out)) {
            json.writeStartObject();
            if (allowedDomains != null) {
                json.writeArrayFieldStart("domains");
                for (var domain : allowedDomains) {
                    json.writeString(domain);
                }
                json.writeEndArray();
            }
            json.writeArrayFieldStart("routes");
            for (var route : routes) {
                write(json, route);
            }
            json.writeEndArray();
            json.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return out.toString();
    }

    private static void write(JsonGenerator json, Route route) throws IOException {
        json.writeStartObject();
        text(json, "pattern", route.pattern());
        var proxy = route.proxy();
        if (proxy != null) {
            json.writeStringField("host", proxy.host());
            json.writeNumberField("port", proxy.port());
            text(json, "username", proxy.username());
            text(json, "password", proxy.password());
        }
        json.writeEndObject();
    }

    private static void text(JsonGenerator json, String name, @Nullable String value) throws IOException {
        if (value != null) {
            json.writeStringField(name, value);
        }
    }

    /**
     * @param header of {@link PageSettings#HEADER}
     * @return {@link #NONE} where the settings hold no rules
     * @throws IllegalArgumentException where the header is not one of ours: rules that cannot be read must not be dropped
     */
    public static EgressRules ofHeader(String header) {
        try (var json = JSON.createParser(Base64.getUrlDecoder().decode(header))) {
            json.nextToken();
            for (var field = json.nextFieldName(); field != null; field = json.nextFieldName()) {
                json.nextToken();
                if (field.equals(FIELD)) {
                    return read(json);
                }
                json.skipChildren();
            }
            return NONE;
        } catch (IOException malformed) {
            throw new IllegalArgumentException("settings are no JSON", malformed);
        }
    }

    /** An unknown field is refused, unlike elsewhere: it may be a limit that this agent would not keep. */
    private static EgressRules read(JsonParser json) throws IOException {
        List<String> domains = null;
        var routes = new ArrayList<Route>();
        for (var field = json.nextFieldName(); field != null; field = json.nextFieldName()) {
            json.nextToken();
            switch (field) {
                case "domains" -> {
                    domains = new ArrayList<>();
                    while (json.nextToken() != JsonToken.END_ARRAY) {
                        domains.add(json.getText());
                    }
                }
                case "routes" -> {
                    while (json.nextToken() == JsonToken.START_OBJECT) {
                        routes.add(route(json));
                    }
                }
                default -> throw new IllegalArgumentException("an unknown limit");
            }
        }
        return new EgressRules(domains, routes);
    }

    private static Route route(JsonParser json) throws IOException {
        String pattern = null;
        String host = null;
        var port = 0;
        String username = null;
        String password = null;
        for (var field = json.nextFieldName(); field != null; field = json.nextFieldName()) {
            json.nextToken();
            switch (field) {
                case "pattern" -> pattern = json.getText();
                case "host" -> host = json.getText();
                case "port" -> port = json.getIntValue();
                case "username" -> username = json.getText();
                case "password" -> password = json.getText();
                default -> throw new IllegalArgumentException("an unknown part of a route");
            }
        }
        return new Route(pattern, host == null ? null : new Proxy(host, port, username, password));
    }
}
