package dev.hearth.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a declared session asks for. All of it is immutable but {@code terminate}, which can only be set. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "has(self.poolRef) != has(self.selector)",
        message = "exactly one of poolRef and selector must be set")
@ValidationRule(
        value = "has(self.poolRef) == has(oldSelf.poolRef)"
                + " && (!has(self.poolRef) || self.poolRef == oldSelf.poolRef)"
                + " && has(self.selector) == has(oldSelf.selector)"
                + " && (!has(self.selector) || self.selector == oldSelf.selector)",
        message = "poolRef and selector are immutable; create another session")
@ValidationRule(
        value = "has(self.timeout) == has(oldSelf.timeout) && (!has(self.timeout) || self.timeout == oldSelf.timeout)"
                + " && has(self.idleTimeout) == has(oldSelf.idleTimeout)"
                + " && (!has(self.idleTimeout) || self.idleTimeout == oldSelf.idleTimeout)"
                + " && has(self.keepAlive) == has(oldSelf.keepAlive)"
                + " && (!has(self.keepAlive) || self.keepAlive == oldSelf.keepAlive)"
                + " && has(self.connections) == has(oldSelf.connections)"
                + " && (!has(self.connections) || self.connections == oldSelf.connections)"
                + " && has(self.metadata) == has(oldSelf.metadata)"
                + " && (!has(self.metadata) || self.metadata == oldSelf.metadata)",
        message = "timeout, idleTimeout, keepAlive, connections and metadata are immutable; create another session")
@ValidationRule(
        value = "!oldSelf.terminate || self.terminate",
        message = "terminate cannot be taken back",
        fieldPath = ".terminate")
@ValidationRule(
        value = "!has(self.timeout) || duration(self.timeout) <= duration('6h')",
        message = "timeout must be at most 6h",
        fieldPath = ".timeout")
@ValidationRule(
        value = "!has(self.idleTimeout)"
                + " || duration(self.idleTimeout) <= (has(self.timeout) ? duration(self.timeout) : duration('6h'))",
        message = "idleTimeout must be at most timeout",
        fieldPath = ".idleTimeout")
public record BrowserSessionSpec(
        @JsonPropertyDescription("The pool to claim from.") @Nullable
        PoolRef poolRef,

        @JsonPropertyDescription("Any pool that serves this namespace and matches.") @Nullable
        PoolSelector selector,

        @JsonPropertyDescription("From claim to end, like 5m; at most 6h. The pool's default where unset.")
        @Size(min = 2, max = 16)
        @Pattern("^([1-9][0-9]*h)?([1-9][0-9]*m)?([1-9][0-9]*s)?$")
        @Nullable
        String timeout,

        @JsonPropertyDescription("Ends the session without any CDP command for this long.")
        @Size(min = 2, max = 16)
        @Pattern("^([1-9][0-9]*h)?([1-9][0-9]*m)?([1-9][0-9]*s)?$")
        @Nullable
        String idleTimeout,

        @JsonPropertyDescription("Whether the session outlives a client that leaves.") @Nullable
        Boolean keepAlive,

        @JsonPropertyDescription("How many clients may hold the connection at once.") @Nullable
        ConnectionMode connections,

        @JsonPropertyDescription("The user's own words about the session, found again in the API.")
        @Size(max = 64)
        @Nullable
        Map<@Size(min = 1, max = 128) String, @Size(max = 1024) String> metadata,

        @JsonPropertyDescription("Set to true to end the session.") @Default("false")
        Boolean terminate) {

    public BrowserSessionSpec {
        terminate = terminate != null && terminate;
    }
}
