package dev.hearth.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crd.generator.annotation.PrinterColumn;
import io.fabric8.crd.generator.annotation.SelectableField;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** Names a pool. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PoolRef(
        @JsonPropertyDescription("The pool's name.")
        @Required
        @Size(min = 1, max = 40)
        @SelectableField
        @PrinterColumn(name = "Pool", priority = 1)
        String name,

        @JsonPropertyDescription("The pool's namespace, where it is another one that allows this project.")
        @Size(min = 1, max = 63)
        @Nullable
        String namespace) {}
