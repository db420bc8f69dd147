package dev.hearth.gateway;

import java.util.Locale;

/** The name in a Host header. Asked of every request, so without a regular expression. */
public final class HostName {
    private static final int LONGEST_PORT = 5;

    private HostName() {}

    /** Without its port, in small letters; brackets of an IPv6 address stay. What is no host stays as it is, in small letters. */
    public static String of(String header) {
        var colon = header.lastIndexOf(':');
        return (colon >= 0 && isPort(header, colon + 1) ? header.substring(0, colon) : header).toLowerCase(Locale.ROOT);
    }

    private static boolean isPort(String header, int from) {
        var digits = header.length() - from;
        return digits >= 1
                && digits <= LONGEST_PORT
                && header.chars().skip(from).allMatch(c -> c >= '0' && c <= '9');
    }
}
