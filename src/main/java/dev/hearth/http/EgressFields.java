package dev.hearth.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hearth.gateway.Problem;
import dev.hearth.gateway.Refusal;
import dev.hearth.wire.EgressRules;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Where a new session's browser may go: {@code browserSettings.allowedDomains} and {@code proxies}. Pure. */
final class EgressFields {
    private static final String DOMAINS = "/browserSettings/allowedDomains";
    /** Labels as in DNS; names with other letters come in their xn-- form. */
    private static final String HOST =
            "[a-z0-9_]([-a-z0-9_]{0,61}[a-z0-9_])?(\\.[a-z0-9_]([-a-z0-9_]{0,61}[a-z0-9_])?){0,31}";

    private static final Pattern DOMAIN = Pattern.compile("(\\*\\.)?" + HOST);
    private static final Pattern PATTERN = Pattern.compile("[-a-z0-9_.*]{1,253}");
    private static final Pattern SERVER = Pattern.compile("(http://)?(" + HOST + "):([0-9]{1,5})/?");
    private static final Pattern USERNAME = Pattern.compile("[^\\p{Cntrl}:]{1,256}");
    private static final Pattern PASSWORD = Pattern.compile("[^\\p{Cntrl}]{1,256}");
    private static final int MOST_DOMAINS = 64;
    private static final int MOST_PROXIES = 16;
    /** In base64 it has to fit into the agent's 16 KiB of head, beside the other settings and a grant. */
    private static final int LONGEST = 6 * 1024;

    private EgressFields() {}

    /** What is wrong is told to {@code body}. */
    static EgressRules read(Fields body) {
        var rules = new EgressRules(domains(body), routes(body));
        if (rules.json().getBytes(StandardCharsets.UTF_8).length > LONGEST) {
            refuse(body, Problem.FIELD_RANGE, "/proxies", "and allowedDomains may have " + LONGEST + " bytes at most.");
        }
        return rules;
    }

    private static @Nullable List<String> domains(Fields body) {
        var settings = body.value("browserSettings");
        var json = settings == null ? null : settings.get("allowedDomains");
        if (json == null || json.isNull()) {
            return null;
        }
        if (!(json instanceof ArrayNode array)) {
            refuse(body, Problem.FIELD_TYPE, DOMAINS, "must be a list of domains.");
            return null;
        }
        if (array.size() > MOST_DOMAINS) {
            refuse(body, Problem.FIELD_RANGE, DOMAINS, "may hold " + MOST_DOMAINS + " domains at most.");
            return null;
        }
        var domains = new ArrayList<String>();
        for (var item : array) {
            var domain = item.isTextual() ? item.textValue().toLowerCase(Locale.ROOT) : "";
            if (!DOMAIN.matcher(domain).matches()) {
                refuse(
                        body,
                        item.isTextual() ? Problem.FIELD_RANGE : Problem.FIELD_TYPE,
                        DOMAINS + "/" + domains.size(),
                        "must be a domain like \"example.com\" or \"*.example.com\", without scheme, port or path.");
                return null;
            }
            domains.add(domain);
        }
        // As Browserbase has it: an empty list limits nothing.
        return domains.isEmpty() ? null : domains;
    }

    private static List<EgressRules.Route> routes(Fields body) {
        var json = body.value("proxies");
        if (json == null || json.isBoolean() && !json.booleanValue()) {
            return List.of();
        }
        if (json.isBoolean()) {
            ours(body, "/proxies");
            return List.of();
        }
        if (!(json instanceof ArrayNode array)) {
            refuse(body, Problem.FIELD_TYPE, "/proxies", "must be true, false or a list.");
            return List.of();
        }
        if (array.size() > MOST_PROXIES) {
            refuse(body, Problem.FIELD_RANGE, "/proxies", "may hold " + MOST_PROXIES + " proxies at most.");
            return List.of();
        }
        var routes = new ArrayList<EgressRules.Route>();
        for (var item : array) {
            var route = route(body, item, "/proxies/" + routes.size());
            if (route == null) {
                return List.of();
            }
            routes.add(route);
        }
        return routes;
    }

    private static EgressRules.@Nullable Route route(Fields body, JsonNode item, String at) {
        if (!(item instanceof ObjectNode object)) {
            refuse(body, Problem.FIELD_TYPE, at, "must be an object.");
            return null;
        }
        var fields = new Fields(object, at);
        var type = fields.text("type");
        if ("browserbase".equals(type)) {
            ours(body, at + "/type");
            return null;
        }
        var external = "external".equals(type);
        if (!external && !"none".equals(type)) {
            refuse(body, Problem.FIELD_RANGE, at + "/type", "must be \"external\" or \"none\".");
            return null;
        }
        var known = external
                ? Set.of("type", "domainPattern", "server", "username", "password")
                : Set.of("type", "domainPattern");
        for (var field : object.properties()) {
            if (!known.contains(field.getKey())) {
                // Its value may be a secret that stands in the wrong place.
                refuse(
                        body,
                        Problem.FIELD_UNKNOWN,
                        at,
                        "may have " + String.join(", ", known.stream().sorted().toList()) + " only.");
                return null;
            }
        }
        var pattern = pattern(fields);
        var proxy = external ? proxy(fields) : null;
        fields.refusal().ifPresent(body::refuse);
        return fields.refusal().isPresent() ? null : new EgressRules.Route(pattern, proxy);
    }

    /** A dot that is escaped as in a regular expression is a dot all the same, and {@code .*} a star. */
    private static @Nullable String pattern(Fields fields) {
        var text = fields.text("domainPattern");
        if (text == null) {
            return null;
        }
        var plain = text.toLowerCase(Locale.ROOT).replace("\\.", ".").replaceAll("(^|[^\\\\])\\.\\*", "$1*");
        if (!PATTERN.matcher(plain).matches()) {
            fields.refuse(Refusal.of(
                            Problem.FIELD_RANGE,
                            "'domainPattern' must be a domain, which holds for its subdomains too, or a name with stars in it.")
                    .at(fields.at("domainPattern")));
            return null;
        }
        return plain;
    }

    private static EgressRules.@Nullable Proxy proxy(Fields fields) {
        var server = fields.text("server");
        var username = fields.matching("username", USERNAME, "1…256 characters without a colon");
        var password = fields.matching("password", PASSWORD, "1…256 characters");
        var match = SERVER.matcher(Objects.requireNonNullElse(server, "").toLowerCase(Locale.ROOT));
        var port = match.matches() ? Integer.parseInt(match.group(match.groupCount())) : 0;
        if (port < 1 || port > 65_535) {
            // Never repeated: people put passwords into it.
            fields.refuse(Refusal.of(
                            Problem.FIELD_RANGE,
                            "'server' must be http://host:port; a proxy that is spoken to by TLS or SOCKS is not supported, and"
                                    + " credentials have fields of their own.")
                    .at(fields.at("server")));
            return null;
        }
        if (password != null && username == null) {
            fields.refuse(Refusal.of(Problem.FIELD_RANGE, "A 'password' needs a 'username'.")
                    .at(fields.at("password")));
            return null;
        }
        return new EgressRules.Proxy(match.group(2), port, username, password);
    }

    private static void ours(Fields body, String at) {
        body.refuse(Refusal.of(
                        Problem.PROXIES_UNSUPPORTED,
                        "Hearth has no proxies of its own: name yours as {\"type\": \"external\", \"server\": …}.")
                .at(at));
    }

    private static void refuse(Fields body, Problem problem, String at, String what) {
        body.refuse(Refusal.of(problem, "'" + at + "' " + what).at(at));
    }
}
