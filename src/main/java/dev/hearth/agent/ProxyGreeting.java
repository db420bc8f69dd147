package dev.hearth.agent;

import dev.hearth.wire.EgressRules;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Objects;

/** What an external proxy is told. Pure. */
final class ProxyGreeting {
    private ProxyGreeting() {}

    /** The request for a tunnel. Holds the proxy's password: for the wire alone. */
    static byte[] connect(ProxyRequest.Target target, EgressRules.Proxy proxy) {
        return ("CONNECT " + target.authority() + " HTTP/1.1\r\nHost: " + target.authority() + "\r\n"
                        + authorization(proxy) + "\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** A header line, or nothing. */
    static String authorization(EgressRules.Proxy proxy) {
        if (proxy.username() == null) {
            return "";
        }
        var words = proxy.username() + ":" + Objects.requireNonNullElse(proxy.password(), "");
        return "Proxy-Authorization: Basic "
                + Base64.getEncoder().encodeToString(words.getBytes(StandardCharsets.UTF_8)) + "\r\n";
    }
}
