package dev.hearth.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** One environment variable with a plain value. Secrets do not belong in a browser: what a page may see, a client may. */
@JsonIgnoreProperties(ignoreUnknown = true)
@ValidationRule(
        value = "!self.name.startsWith('HEARTH_') && !self.name.startsWith('LD_')",
        message = "env names must not start with HEARTH_ or LD_: those are reserved",
        fieldPath = ".name")
public record Variable(
        @JsonPropertyDescription("Name, as in a shell.")
        @Required
        @Size(min = 1, max = 128)
        @Pattern("^[A-Za-z_][A-Za-z0-9_]*$")
        String name,

        @JsonPropertyDescription("Value, as it is.") @Default("\"\"") @Size(max = 4096)
        String value) {

    public Variable {
        value = value == null ? "" : value;
    }
}
