package dev.hearth.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crd.generator.annotation.PrinterColumn;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What became of a declared claim. Never holds a secret: the URL that opens the session is in the Secret it names. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record BrowserSessionStatus(
        @JsonPropertyDescription("Generation of the spec that this status speaks about.") @Nullable
        Long observedGeneration,

        @JsonPropertyDescription("Pending, Running or Finished.") @PrinterColumn(name = "Phase") @Nullable
        Phase phase,

        @JsonPropertyDescription("The session's id in the API.")
        @PrinterColumn(name = "Session", priority = 1)
        @Nullable
        String sessionId,

        @JsonPropertyDescription("Where to connect, without the secret that it takes.")
        @PrinterColumn(name = "URL", priority = 1)
        @Nullable
        String connectUrl,

        @JsonPropertyDescription("The Secret whose key url holds the whole connect URL.")
        @PrinterColumn(name = "Secret")
        @Nullable
        String secretName,

        @JsonPropertyDescription("The browser's pod.") @PrinterColumn(name = "Pod", priority = 1) @Nullable
        String podName,

        @JsonPropertyDescription("The browser's region.") @PrinterColumn(name = "Region") @Nullable
        String region,

        @JsonPropertyDescription("When the claim was granted.") @Nullable
        String startedAt,

        @JsonPropertyDescription("When the session ends at the latest.") @PrinterColumn(name = "Expires") @Nullable
        String expiresAt,

        @JsonPropertyDescription("When the session ended.") @Nullable
        String endedAt,

        @JsonPropertyDescription("Why the session ended.") @PrinterColumn(name = "Ended") @Nullable
        String endReason,

        @JsonPropertyDescription("Ready, Finished.") @Nullable
        List<Condition> conditions) {

    /** Where a session stands; for people. Programs read the conditions. */
    public enum Phase {
        @com.fasterxml.jackson.annotation.JsonProperty("Pending")
        PENDING,
        @com.fasterxml.jackson.annotation.JsonProperty("Running")
        RUNNING,
        @com.fasterxml.jackson.annotation.JsonProperty("Finished")
        FINISHED
    }
}
