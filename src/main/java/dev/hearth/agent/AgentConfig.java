package dev.hearth.agent;

import dev.hearth.wire.VerifyingKey;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What an agent is given by its environment; see {@code docs/agent-protocol.md}. */
record AgentConfig(
        UUID browser,
        String podUid,
        String beatToken,
        List<ConfigForms.Target> ingest,
        List<VerifyingKey> grantKeys,
        InetSocketAddress listen,
        Path chromeDir,
        @Nullable Egress egress,
        @Nullable Again again) {

    /**
     * Only of a guarded browser: where Chrome's proxy listens.
     *
     * @param allowed addresses that are open to it though they are not public
     */
    record Egress(InetSocketAddress listen, List<AddressRange> allowed) {}

    sealed interface Parsed {
        record Valid(AgentConfig config) implements Parsed {}

        /** One line for each variable that is missing or wrong; none repeats a value. */
        record Invalid(List<String> problems) implements Parsed {}
    }

    /** The token stays out. */
    @Override
    public String toString() {
        return "AgentConfig[browser=" + browser + ", podUid=" + podUid + ", listen=" + listen + "]";
    }

    static Parsed parse(Map<String, String> environment) {
        var read = new Reader(environment);
        var browser = read.value("HEARTH_BROWSER", "a UUID", UUID::fromString);
        var podUid = read.value("HEARTH_POD_UID", "1 to 64 of [0-9A-Za-z-]", ConfigForms::podUid);
        var token = read.value("HEARTH_BEAT_TOKEN", "1 to 512 printable ASCII characters", ConfigForms::token);
        var ingest = read.value("HEARTH_INGEST", "host:port[,host:port…]", ConfigForms::targets);
        var keys = read.value("HEARTH_GRANT_KEYS", "base64 X.509 Ed25519 public keys, by commas", ConfigForms::keys);
        var chromeDir = read.value("HEARTH_CHROME_DIR", "an absolute path", ConfigForms::absolutePath);
        var listen = listen(environment, read);
        var egress = egress(environment, read);
        var again = again(environment, read);
        if (browser == null || podUid == null || token == null || ingest == null) {
            return new Parsed.Invalid(read.problems);
        }
        if (keys == null || chromeDir == null || listen == null || !read.problems.isEmpty()) {
            return new Parsed.Invalid(read.problems);
        }
        return new Parsed.Valid(
                new AgentConfig(browser, podUid, token, ingest, keys, listen, chromeDir, egress, again));
    }

    private static @Nullable Egress egress(Map<String, String> environment, Reader read) {
        if (!environment.containsKey("HEARTH_EGRESS_LISTEN")) {
            return null;
        }
        var listen = read.value("HEARTH_EGRESS_LISTEN", "IP:port on the loopback", ConfigForms::listenAddress);
        var allowed = environment.getOrDefault("HEARTH_EGRESS_ALLOW", "").isBlank()
                ? List.<AddressRange>of()
                : read.value("HEARTH_EGRESS_ALLOW", "CIDR blocks, by commas", ConfigForms::ranges);
        return listen == null || allowed == null ? null : new Egress(listen, allowed);
    }

    private static @Nullable Again again(Map<String, String> environment, Reader read) {
        if (!environment.containsKey("HEARTH_RESET_MARK")) {
            return null;
        }
        var mark = read.value("HEARTH_RESET_MARK", "an absolute path", ConfigForms::absolutePath);
        var patience = read.value("HEARTH_RESET_SECONDS", "1 to 300", ConfigForms::resetSeconds);
        return mark == null || patience == null ? null : new Again(mark, patience);
    }

    private static @Nullable InetSocketAddress listen(Map<String, String> environment, Reader read) {
        return environment.containsKey("HEARTH_POD_IP") && !environment.containsKey("HEARTH_LISTEN")
                ? read.value("HEARTH_POD_IP", "an IP address", ConfigForms::podAddress)
                : read.value("HEARTH_LISTEN", "IP:port; or give HEARTH_POD_IP", ConfigForms::listenAddress);
    }

    /** Gathers what is wrong, so that one start tells everything. */
    private static final class Reader {
        private final Map<String, String> environment;
        private final List<String> problems = new ArrayList<>();

        Reader(Map<String, String> environment) {
            this.environment = environment;
        }

        <T> @Nullable T value(String name, String allowed, Function<String, T> form) {
            var text = environment.get(name);
            if (text == null || text.isBlank()) {
                problems.add(name + " is not set; allowed: " + allowed);
                return null;
            }
            try {
                return form.apply(text.strip());
            } catch (IllegalArgumentException wrong) {
                problems.add(name + " is not valid; allowed: " + allowed);
                return null;
            }
        }
    }
}
