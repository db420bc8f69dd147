package dev.hearth.agent;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * Which addresses a guarded browser may reach: the public internet, and what its pool allows on purpose. Pure.
 *
 * @param allowed by the pool, whatever else they are
 */
record AddressPolicy(List<AddressRange> allowed) {
    private record Closed(String rule, AddressRange range) {}

    /** In order, because the first that fits names the rule. Java has turned v4-mapped v6 addresses into v4 ones already. */
    private static final List<Closed> CLOSED = List.of(
            closed("loopback", "127.0.0.0/8"),
            closed("link-local", "169.254.0.0/16"),
            closed("private", "10.0.0.0/8"),
            closed("private", "172.16.0.0/12"),
            closed("private", "192.168.0.0/16"),
            closed("carrier-grade-nat", "100.64.0.0/10"),
            closed("this-network", "0.0.0.0/8"),
            closed("multicast", "224.0.0.0/4"),
            closed("reserved", "192.0.0.0/24"),
            closed("reserved", "192.0.2.0/24"),
            closed("reserved", "192.88.99.0/24"),
            closed("reserved", "198.18.0.0/15"),
            closed("reserved", "198.51.100.0/24"),
            closed("reserved", "203.0.113.0/24"),
            closed("reserved", "240.0.0.0/4"),
            closed("loopback", "::1"),
            closed("link-local", "fe80::/10"),
            closed("private", "fc00::/7"),
            closed("multicast", "ff00::/8"),
            closed("nat64", "64:ff9b::/96"),
            closed("nat64", "64:ff9b:1::/48"),
            closed("tunnel", "2002::/16"),
            closed("tunnel", "2001::/32"));

    /** What is not global unicast was never given to anybody: v4-compatible, site-local and discard-only ones are there. */
    private static final AddressRange GLOBAL = AddressRange.of("2000::/3");

    AddressPolicy {
        allowed = List.copyOf(allowed);
    }

    private static Closed closed(String rule, String range) {
        return new Closed(rule, AddressRange.of(range));
    }

    /** The rule that closes this address; empty: it may be reached. */
    Optional<String> rule(InetAddress address) {
        if (allowed.stream().anyMatch(range -> range.holds(address))) {
            return Optional.empty();
        }
        return CLOSED.stream()
                .filter(closed -> closed.range().holds(address))
                .map(Closed::rule)
                .findFirst()
                .or(() -> address.getAddress().length == 4 || GLOBAL.holds(address)
                        ? Optional.empty()
                        : Optional.of("reserved"));
    }
}
