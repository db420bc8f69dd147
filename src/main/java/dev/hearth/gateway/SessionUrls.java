package dev.hearth.gateway;

import java.util.Optional;
import java.util.UUID;

/** The URLs that clients are given. Each carries the session's signature, so they are secrets: never logged. */
public final class SessionUrls {
    private final GatewayKeys keys;
    private final Optional<String> publicUrl;

    public SessionUrls(GatewayKeys keys, Optional<String> publicUrl) {
        this.keys = keys;
        this.publicUrl = publicUrl.map(url -> url.replaceFirst("^http", "ws").replaceFirst("/+$", ""));
    }

    /** Signs for a session that is about to be, beside what its claim waits for; {@link #connect} finds it done. */
    public void foresee(UUID session) {
        Thread.startVirtualThread(() -> keys.token(session));
    }

    /** @param host as the caller wrote it and the allow-list let through */
    public String connect(UUID session, String host) {
        return base(host) + "/sessions/" + session + "?token=" + keys.token(session);
    }

    public String page(UUID session, String target, String host) {
        return base(host) + "/sessions/" + session + "/devtools/page/" + target + "?token=" + keys.token(session);
    }

    /** A page's socket for who looks on. @param view a {@link ViewTokens}' */
    public String viewSocket(UUID session, String view, String target, String host) {
        return base(host) + viewPath(session, view) + "page/" + target;
    }

    /** Chrome's own DevTools, told to open {@link #viewSocket}. */
    public String viewPage(UUID session, String view, String target, String host) {
        var socket = viewSocket(session, view, target, host);
        var scheme = socket.substring(0, socket.indexOf(':'));
        return base(host).replaceFirst("^ws", "http") + viewPath(session, view) + "inspector.html?" + scheme + "="
                + socket.substring(scheme.length() + "://".length());
    }

    private static String viewPath(UUID session, String view) {
        return "/sessions/" + session + "/view/" + view + "/devtools/";
    }

    /** {@code ws(s)://host}, without a slash at the end. */
    public String base(String host) {
        return publicUrl.orElse("ws://" + host);
    }

    /** The signature inside of a connect URL: signing again would cost as much as the claim itself. */
    public static String token(String connectUrl) {
        return connectUrl.substring(connectUrl.lastIndexOf('=') + 1);
    }
}
