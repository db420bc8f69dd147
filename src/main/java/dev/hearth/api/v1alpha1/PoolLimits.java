package dev.hearth.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crd.generator.annotation.PrinterColumn;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import org.jspecify.annotations.Nullable;

/** Ceilings that hold whatever {@code replicas} and clients ask for. */
@JsonIgnoreProperties(ignoreUnknown = true)
public record PoolLimits(
        @JsonPropertyDescription("Browsers of this pool at once: warm, starting, claimed and ending ones together.")
        @Min(1)
        @Max(100_000)
        @PrinterColumn(name = "Max", priority = 1)
        @Nullable
        Integer maxBrowsers,

        @JsonPropertyDescription("Sessions of this pool at once; claims beyond are refused.")
        @Min(0)
        @Max(100_000)
        @Nullable
        Integer maxSessions) {}
