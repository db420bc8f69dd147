package dev.hearth.operator.pool;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What Chrome is started with: Hearth's own arguments, then the pool's, then those of the guarded way out. Chrome takes the
 * last of two of a kind, so a pool's word goes before Hearth's; only features that are switched off add up.
 */
public final class ChromeArguments {
    /**
     * Chrome picks its port itself and writes it down: asked for a taken one it would listen elsewhere and say nothing, and
     * an agent would talk to another browser.
     */
    private static final List<String> OWN = List.of(
            "--headless=new",
            "--remote-debugging-port=0",
            "--user-data-dir=" + BrowserPod.PROFILE,
            "--no-first-run",
            "--no-default-browser-check",
            "--disable-background-networking",
            "--disable-breakpad",
            "--disable-component-update",
            "--disable-default-apps",
            "--disable-sync",
            "--metrics-recording-only",
            "--password-store=basic",
            "--hide-scrollbars",
            "--mute-audio");

    /**
     * The list below an address bar that nobody sees: Chrome 156 renders it at its start, in a process of its own, which is
     * 1.0 of the 1.7 CPU-seconds that a start takes, and 57 MiB for as long as the browser lives.
     */
    private static final String UNSEEN = "WebUIOmniboxPopup,WebUIOmniboxAimPopup";

    private static final String DISABLE_FEATURES = "--disable-features=";

    /**
     * Everything through the agent, the pod's own loopback too; and nothing beside it: WebRTC and QUIC would not ask a proxy.
     * The switch for WebRTC has had two names.
     */
    private static final List<String> GUARD = List.of(
            "--proxy-bypass-list=<-loopback>",
            "--webrtc-ip-handling-policy=disable_non_proxied_udp",
            "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
            "--disable-quic",
            "--dns-prefetch-disable");

    private ChromeArguments() {}

    /**
     * @param asked the pool's own, as its schema lets them through
     * @param guard host and port of the agent's proxy; null where Chrome goes out by itself
     */
    public static List<String> of(List<String> asked, @Nullable String guard) {
        var features = new ArrayList<>(List.of(UNSEEN));
        var arguments = new ArrayList<>(OWN);
        for (var argument : asked) {
            if (argument.startsWith(DISABLE_FEATURES)) {
                features.add(argument.substring(DISABLE_FEATURES.length()));
            } else {
                arguments.add(argument);
            }
        }
        arguments.add(DISABLE_FEATURES + String.join(",", features));
        if (guard != null) {
            arguments.add("--proxy-server=http://" + guard);
            arguments.addAll(GUARD);
        }
        arguments.add("about:blank");
        return List.copyOf(arguments);
    }
}
