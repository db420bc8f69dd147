package dev.hearth.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** What ends a session, where its claim does not say. {@code timeout} yields to the project's default when it is unset. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "!has(self.timeout) || duration(self.timeout) <= duration('6h')",
        message = "timeout must be at most 6h",
        fieldPath = ".timeout")
@ValidationRule(
        value = "!has(self.idleTimeout)"
                + " || duration(self.idleTimeout) <= (has(self.timeout) ? duration(self.timeout) : duration('6h'))",
        message = "idleTimeout must be at most timeout",
        fieldPath = ".idleTimeout")
@ValidationRule(
        value = "duration(self.connectTimeout) <= duration('1h')",
        message = "connectTimeout must be at most 1h",
        fieldPath = ".connectTimeout")
@ValidationRule(
        value = "duration(self.reconnectWindow) <= duration('10m')",
        message = "reconnectWindow must be at most 10m",
        fieldPath = ".reconnectWindow")
public record SessionDefaults(
        @JsonPropertyDescription("From claim to end, like 5m; at most 6h. 5m where neither pool nor project say.")
        @Size(min = 2, max = 16)
        @Pattern("^([1-9][0-9]*h)?([1-9][0-9]*m)?([1-9][0-9]*s)?$")
        @Nullable
        String timeout,

        @JsonPropertyDescription("Ends a session without any CDP command for this long; never where unset.")
        @Size(min = 2, max = 16)
        @Pattern("^([1-9][0-9]*h)?([1-9][0-9]*m)?([1-9][0-9]*s)?$")
        @Nullable
        String idleTimeout,

        @JsonPropertyDescription("A session that nobody connects to within this is released.")
        @Default("5m")
        @Size(min = 2, max = 16)
        @Pattern("^([1-9][0-9]*h)?([1-9][0-9]*m)?([1-9][0-9]*s)?$")
        String connectTimeout,

        @JsonPropertyDescription("How long a session whose connection was lost waits for its client; 0s: not at all.")
        @Default("30s")
        @Size(min = 2, max = 16)
        @Pattern("^(0s|([1-9][0-9]*h)?([1-9][0-9]*m)?([1-9][0-9]*s)?)$")
        String reconnectWindow,

        @JsonPropertyDescription("Whether a session outlives a client that leaves.") @Default("false")
        Boolean keepAlive,

        @JsonPropertyDescription("How many clients may hold the session's connection at once.") @Default("Shared")
        ConnectionMode connections) {

    /** What a pool without {@code sessionDefaults} has. */
    public static final SessionDefaults STANDARD =
            new SessionDefaults(null, null, "5m", "30s", false, ConnectionMode.SHARED);

    public SessionDefaults {
        connectTimeout = connectTimeout == null ? "5m" : connectTimeout;
        reconnectWindow = reconnectWindow == null ? "30s" : reconnectWindow;
        keepAlive = keepAlive != null && keepAlive;
        connections = connections == null ? ConnectionMode.SHARED : connections;
    }
}
