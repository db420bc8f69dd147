package dev.hearth.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hearth.gateway.Problem;
import dev.hearth.gateway.Refusal;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Which fields a new session may have. Browserbase's own are accepted: acted upon, or named as ignored. Others are
 * refused. Pure.
 */
final class VendorFields {
    private static final Set<String> ACTED_UPON = Set.of(
            "projectId",
            "keepAlive",
            "timeout",
            "region",
            "location",
            "userMetadata",
            "pool",
            "connections",
            "idleTimeout",
            "connectTimeout",
            "reconnectWindow",
            "waitTimeout",
            "proxies");
    private static final Set<String> IGNORED = Set.of("extensionId", "browserSettings", "proxySettings");
    private static final Set<String> SETTINGS = Set.of(
            "viewport",
            "context",
            "blockAds",
            "recordSession",
            "logSession",
            "solveCaptchas",
            "ignoreCertificateErrors",
            "advancedStealth",
            "verified",
            "os",
            "extensionId",
            "allowedDomains",
            "captchaImageSelector",
            "captchaInputSelector",
            "fingerprint",
            "userAgent",
            "locale",
            "timezone");
    /** What launches a browser elsewhere; here a flag is code execution in the pod. */
    private static final Set<String> FLAGS = Set.of(
            "args",
            "launch",
            "launchArgs",
            "launchOptions",
            "binary",
            "executablePath",
            "env",
            "userDataDir",
            "extensions");

    private VendorFields() {}

    static Optional<Refusal> refusal(ObjectNode json) {
        return unknown(
                        json,
                        "",
                        Stream.concat(ACTED_UPON.stream(), IGNORED.stream()).toList())
                .or(() -> settings(json));
    }

    /** JSON pointers without their slash, in order. */
    static List<String> ignored(ObjectNode json) {
        var ignored = new TreeSet<String>();
        for (var field : json.properties()) {
            if (!IGNORED.contains(field.getKey()) || field.getValue().isNull()) {
                continue;
            }
            if (field.getValue() instanceof ObjectNode settings
                    && field.getKey().equals("browserSettings")) {
                settings.properties().stream()
                        .filter(setting -> !setting.getValue().isNull())
                        .map(Map.Entry::getKey)
                        .filter(name -> !BrowserSettings.ACTED_UPON.contains(name))
                        .forEach(name -> ignored.add("browserSettings." + name));
            } else {
                ignored.add(field.getKey());
            }
        }
        return List.copyOf(ignored);
    }

    private static Optional<Refusal> settings(ObjectNode json) {
        var settings = json.get("browserSettings");
        if (settings == null || settings.isNull()) {
            return Optional.empty();
        }
        if (!(settings instanceof ObjectNode object)) {
            return Optional.of(Refusal.of(Problem.FIELD_TYPE, "'/browserSettings' must be an object.")
                    .at("/browserSettings"));
        }
        return unknown(object, "/browserSettings", SETTINGS);
    }

    private static Optional<Refusal> unknown(ObjectNode json, String at, java.util.Collection<String> known) {
        return json.properties().stream()
                .map(Map.Entry::getKey)
                .filter(name -> !known.contains(name))
                .findFirst()
                .map(name -> unknown(name, at, known));
    }

    private static Refusal unknown(String name, String at, java.util.Collection<String> known) {
        var shown = Refusal.quote(at + "/" + name);
        if (FLAGS.contains(name)) {
            return Refusal.of(Problem.FIELD_UNKNOWN, shown + ": browser flags cannot be set by clients.")
                    .at(at + "/" + name);
        }
        var nearest = known.stream()
                .min(Comparator.<String>comparingInt(other -> distance(name, other))
                        .thenComparing(other -> other))
                .filter(other -> distance(name, other) <= 3)
                .map(other -> "; did you mean '" + at + "/" + other + "'?")
                .orElse("; known: " + String.join(", ", known.stream().sorted().toList()) + ".");
        return Refusal.of(Problem.FIELD_UNKNOWN, shown + " is not known" + nearest)
                .at(at + "/" + name);
    }

    /** Levenshtein's, over names cut to a length that bounds the work. */
    private static int distance(String one, String other) {
        var a = one.substring(0, Math.min(one.length(), 40));
        var before = new int[other.length() + 1];
        for (var j = 0; j < before.length; j++) {
            before[j] = j;
        }
        for (var i = 1; i <= a.length(); i++) {
            var now = new int[before.length];
            now[0] = i;
            for (var j = 1; j < now.length; j++) {
                var replaced = before[j - 1] + (a.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                now[j] = Math.min(replaced, Math.min(before[j], now[j - 1]) + 1);
            }
            before = now;
        }
        return before[other.length()];
    }
}
