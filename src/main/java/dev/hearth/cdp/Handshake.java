package dev.hearth.cdp;

import dev.hearth.gateway.Problem;
import dev.hearth.gateway.Refusal;
import io.vertx.ext.web.RoutingContext;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Whether a request is a WebSocket's opening handshake. Pure; values are those of all header lines of that name. */
record Handshake(List<String> upgrade, List<String> version, List<String> key) {
    static Handshake of(RoutingContext context) {
        var headers = context.request().headers();
        return new Handshake(
                headers.getAll("Upgrade"),
                headers.getAll("Sec-WebSocket-Version"),
                headers.getAll("Sec-WebSocket-Key"));
    }

    boolean asksForWebSocket() {
        return upgrade.stream().anyMatch(value -> value.toLowerCase(Locale.ROOT).contains("websocket"));
    }

    Optional<Refusal> refusal() {
        if (!asksForWebSocket()) {
            return Optional.of(Refusal.of(Problem.UPGRADE_REQUIRED, "Open this URL as a WebSocket.")
                    .header("Upgrade", "websocket"));
        }
        if (!version.equals(List.of("13"))) {
            return Optional.of(Refusal.of(Problem.UPGRADE_REQUIRED, "Sec-WebSocket-Version must be 13.")
                    .header("Upgrade", "websocket")
                    .header("Sec-WebSocket-Version", "13"));
        }
        return key.size() == 1 && is16Bytes(key.getFirst())
                ? Optional.empty()
                : Optional.of(
                        Refusal.of(Problem.WEBSOCKET_KEY, "Sec-WebSocket-Key must be 16 bytes in base64, sent once."));
    }

    private static boolean is16Bytes(String key) {
        try {
            return key.length() == 24 && Base64.getDecoder().decode(key).length == 16;
        } catch (IllegalArgumentException notBase64) {
            return false;
        }
    }
}
