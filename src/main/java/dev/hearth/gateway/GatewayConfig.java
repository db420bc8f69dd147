package dev.hearth.gateway;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The gateway as its operator sets it up. Closed by default: no signing key, no start. */
@ConfigMapping(prefix = "hearth.gateway")
public interface GatewayConfig {
    /** The address that clients' port is bound to; loopback until somebody decides otherwise. */
    @WithDefault("127.0.0.1")
    String host();

    @WithDefault("8080")
    int port();

    /** Where this gateway stands: claims that name no region are served from here first. */
    @WithDefault("local")
    String region();

    /** Browsers of this zone are preferred inside a region. */
    Optional<String> zone();

    /** How clients reach us, {@code https://…}; unset: by the Host that each of them used. */
    Optional<String> publicUrl();

    /** Ed25519 keys, PEM or base64: the first signs, all verify. To rotate, put the new one first and keep the old. */
    Optional<List<Path>> signingKeyFile();

    /** Names that the Host header may carry, without port; the public URL's is always among them. */
    @WithDefault("localhost,127.0.0.1,[::1]")
    List<String> hosts();

    /** Web origins whose pages may talk to us; none by default, so that no web page can. */
    Optional<List<String>> origins();

    /** Whether an API key in the URL opens a connection. URLs end up in logs: off where clients can send headers. */
    @WithDefault("true")
    boolean keyInQuery();

    /** How long open connections may go on after a stop was asked; longer delays a rollout, shorter cuts clients off. */
    @WithDefault("20s")
    Duration drain();

    /** Between pings to clients: under the 60 s after which many proxies drop idle sockets. */
    @WithDefault("30s")
    Duration ping();

    Waiting waiting();

    /** Claims that wait for a browser here. */
    interface Waiting {
        /** In all: each holds a connection and a little memory. Past it claims that would wait are refused at once. */
        @WithDefault("1000")
        int most();

        /** Of one project, so that no project's waiting claims shut out all others'. */
        @WithDefault("250")
        int mostOfProject();
    }
}
