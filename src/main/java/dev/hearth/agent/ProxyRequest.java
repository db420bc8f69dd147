package dev.hearth.agent;

import java.net.InetAddress;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What Chrome asks its proxy for: a tunnel ({@code CONNECT}), or one request of plain HTTP in absolute form. Pure. */
sealed interface ProxyRequest {
    /** Names and IPv4 literals as WHATWG URLs have them, or an IPv6 literal in brackets. */
    Pattern HOST = Pattern.compile("\\[([0-9A-Fa-f:.]{2,45})]|([0-9A-Za-z_-][0-9A-Za-z._-]{0,252})");

    Pattern ABSOLUTE = Pattern.compile("(?i:http)://([^/?#@\\\\]+)([/?][\\x21-\\x7e]*)?");

    /** Those that concern one hop only, and those that we set ourselves. */
    Set<String> HOP = Set.of(
            "connection",
            "proxy-connection",
            "proxy-authorization",
            "keep-alive",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "host");

    /** @param host without brackets */
    record Target(String host, int port) {
        /** As it stands in a request. */
        String authority() {
            return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
        }

        /** Null: a name, which has to be resolved. */
        @Nullable
        InetAddress literal() {
            try {
                return InetAddress.ofLiteral(host);
            } catch (IllegalArgumentException name) {
                return null;
            }
        }
    }

    record Tunnel(Target target) implements ProxyRequest {}

    /**
     * @param path in origin form
     * @param fields header lines that go on, each ended by CRLF
     * @param body how many bytes follow the head
     */
    record Plain(Target target, String method, String path, String fields, long body) implements ProxyRequest {
        /** The next request may be for another host: nothing but this one goes this way. */
        String head(boolean absolute, String more) {
            var standard = target.port() == 80;
            var host = standard ? target.authority().replaceFirst(":80$", "") : target.authority();
            return method + " " + (absolute ? "http://" + host : "") + path + " HTTP/1.1\r\nhost: " + host + "\r\n"
                    + fields + more + "connection: close\r\n\r\n";
        }
    }

    record Malformed(int status, String why) implements ProxyRequest {}

    static ProxyRequest of(HttpHead head) {
        if (head.method().equals("CONNECT")) {
            var target = target(head.target(), -1);
            return target == null ? new Malformed(400, "CONNECT takes host:port") : new Tunnel(target);
        }
        var url = ABSOLUTE.matcher(head.target());
        if (!url.matches()) {
            return new Malformed(400, "this is a proxy: it takes CONNECT and http:// URLs");
        }
        var target = target(url.group(1), 80);
        if (target == null) {
            return new Malformed(400, "the URL has no valid host");
        }
        if (head.header("transfer-encoding") != null) {
            return new Malformed(411, "a body needs its length");
        }
        var length = head.header("content-length");
        if (length != null && !length.matches("[0-9]{1,15}")) {
            return new Malformed(400, "the length of the body is no number");
        }
        var rest = url.group(2);
        var path = rest == null ? "/" : rest.startsWith("/") ? rest : "/" + rest;
        return new Plain(target, head.method(), path, fields(head), length == null ? 0 : Long.parseLong(length));
    }

    private static String fields(HttpHead head) {
        var text = new StringBuilder();
        head.headers().forEach((name, value) -> {
            if (!HOP.contains(name.toLowerCase(Locale.ROOT))) {
                text.append(name).append(": ").append(value).append("\r\n");
            }
        });
        return text.toString();
    }

    /** @param usual where the text names no port; -1: it must */
    private static @Nullable Target target(String text, int usual) {
        var colon = text.lastIndexOf(':');
        var bracket = text.lastIndexOf(']');
        var named = colon > bracket;
        var digits = named ? text.substring(colon + 1) : "";
        if (!named && usual < 0 || named && !digits.matches("[0-9]{1,5}")) {
            return null;
        }
        var port = named ? Integer.parseInt(digits) : usual;
        var host = HOST.matcher(named ? text.substring(0, colon) : text);
        if (port < 1 || port > 65_535 || !host.matches()) {
            return null;
        }
        return new Target(host.group(1) == null ? host.group(2) : host.group(1), port);
    }
}
