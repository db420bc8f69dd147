package dev.hearth.agent;

import dev.hearth.wire.EgressRules;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Whether a session's browser may go to a host, and by which way. Knows names only: {@link AddressPolicy} judges where they lead. Pure. */
final class EgressPolicy {
    private EgressPolicy() {}

    /** Which way a request takes. */
    sealed interface Way {
        record Direct() implements Way {}

        record Through(EgressRules.Proxy proxy) implements Way {}

        /** @param rule its short name @param why for a person */
        record Refused(String rule, String why) implements Way {}
    }

    /** @param rules null: no session has opened the guard, so nothing is allowed */
    static Way way(@Nullable EgressRules rules, String host) {
        if (rules == null) {
            return new Way.Refused("no-session", "no client of a session has connected to this browser yet");
        }
        var name = normal(host);
        var domains = rules.allowedDomains();
        if (domains != null && domains.stream().noneMatch(domain -> fits(name, normal(domain)))) {
            return new Way.Refused("allowed-domains", "the session's allowedDomains do not hold this host");
        }
        for (var route : rules.routes()) {
            if (route.pattern() == null || fits(name, normal(route.pattern()))) {
                return route.proxy() == null ? new Way.Direct() : new Way.Through(route.proxy());
            }
        }
        return new Way.Direct();
    }

    /** Lower case, without the root's dot: {@code EXAMPLE.com.} is example.com. */
    static String normal(String host) {
        var name = host.toLowerCase(Locale.ROOT);
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }

    /** A domain with its subdomains; with {@code =} in front itself alone; with a star in it, each for any characters. */
    private static boolean fits(String name, String wanted) {
        if (wanted.startsWith("=")) {
            return name.equals(wanted.substring(1));
        }
        return wanted.indexOf('*') < 0 ? name.equals(wanted) || name.endsWith("." + wanted) : glob(name, wanted);
    }

    /** Steps back to the last star only, so it takes |name| × |pattern| steps at most, whatever was sent. */
    private static boolean glob(String name, String pattern) {
        var n = 0;
        var p = 0;
        var star = -1;
        var resume = 0;
        while (n < name.length()) {
            if (p < pattern.length() && pattern.charAt(p) == '*') {
                star = p++;
                resume = n;
            } else if (p < pattern.length() && pattern.charAt(p) == name.charAt(n)) {
                p++;
                n++;
            } else if (star >= 0) {
                p = star + 1;
                n = ++resume;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == '*') {
            p++;
        }
        return p == pattern.length();
    }
}
