package dev.hearth.agent;

import dev.hearth.wire.VerifyingKey;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/** The forms that the agent's variables may have. Each refuses with an {@link IllegalArgumentException}. */
final class ConfigForms {
    private static final int AGENT_PORT = 9222;
    private static final Pattern POD_UID = Pattern.compile("[0-9A-Za-z-]{1,64}");
    private static final Pattern TOKEN = Pattern.compile("[!-~]{1,512}");
    private static final Pattern HOST = Pattern.compile("\\[[0-9A-Fa-f:.%]+]|[0-9A-Za-z._-]+");

    private ConfigForms() {}

    /** A port of a host whose name may have several addresses. */
    record Target(String host, int port) {}

    static String podUid(String text) {
        return matching(POD_UID, text);
    }

    static String token(String text) {
        return matching(TOKEN, text);
    }

    static List<Target> targets(String text) {
        return List.of(text.split(",", -1)).stream().map(ConfigForms::target).toList();
    }

    static List<VerifyingKey> keys(String text) {
        return List.of(text.split(",", -1)).stream().map(ConfigForms::key).toList();
    }

    static Path absolutePath(String text) {
        var path = Path.of(text);
        if (!path.isAbsolute()) {
            throw new IllegalArgumentException("relative path");
        }
        return path;
    }

    static InetSocketAddress podAddress(String text) {
        return new InetSocketAddress(InetAddress.ofLiteral(text), AGENT_PORT);
    }

    static InetSocketAddress listenAddress(String text) {
        var target = target(text);
        return new InetSocketAddress(InetAddress.ofLiteral(target.host()), target.port());
    }

    static List<AddressRange> ranges(String text) {
        return List.of(text.split(",", -1)).stream()
                .map(range -> AddressRange.of(range.strip()))
                .toList();
    }

    private static Target target(String text) {
        var colon = text.strip().lastIndexOf(':');
        if (colon < 1) {
            throw new IllegalArgumentException("no port");
        }
        var host = matching(HOST, text.strip().substring(0, colon));
        var port = Integer.parseInt(text.strip().substring(colon + 1));
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("port out of range");
        }
        return new Target(host.startsWith("[") ? host.substring(1, host.length() - 1) : host, port);
    }

    private static VerifyingKey key(String text) {
        return VerifyingKey.ofX509(Base64.getDecoder().decode(text.strip()));
    }

    static Duration resetSeconds(String text) {
        var seconds = Integer.parseInt(text);
        if (seconds < 1 || seconds > 300) {
            throw new IllegalArgumentException(text);
        }
        return Duration.ofSeconds(seconds);
    }

    private static String matching(Pattern allowed, String text) {
        if (!allowed.matcher(text).matches()) {
            throw new IllegalArgumentException("not of the form " + allowed);
        }
        return text;
    }
}
