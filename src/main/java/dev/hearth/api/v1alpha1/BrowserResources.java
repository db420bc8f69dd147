package dev.hearth.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** What one browser's container may count on, and what it may take at most. */
@JsonIgnoreProperties(ignoreUnknown = true)
@ValidationRule(
        value = "!has(self.requests) || !has(self.limits) || !has(self.requests.cpu) || !has(self.limits.cpu)"
                + " || !isQuantity(string(self.requests.cpu)) || !isQuantity(string(self.limits.cpu))"
                + " || !quantity(string(self.requests.cpu)).isGreaterThan(quantity(string(self.limits.cpu)))",
        message = "requests.cpu must be at most limits.cpu",
        fieldPath = ".requests")
@ValidationRule(
        value = "!has(self.requests) || !has(self.limits) || !has(self.requests.memory) || !has(self.limits.memory)"
                + " || !isQuantity(string(self.requests.memory)) || !isQuantity(string(self.limits.memory))"
                + " || !quantity(string(self.requests.memory)).isGreaterThan(quantity(string(self.limits.memory)))",
        message = "requests.memory must be at most limits.memory",
        fieldPath = ".requests")
@ValidationRule(
        value = "!has(self.limits) || !has(self.limits.memory) || !isQuantity(string(self.limits.memory))"
                + " || !quantity(string(self.limits.memory)).isLessThan(quantity('256Mi'))",
        message = "limits.memory must be at least 256Mi: Chrome does not start in less",
        fieldPath = ".limits")
public record BrowserResources(
        @JsonPropertyDescription("Reserved for each browser.") @Nullable
        Amounts requests,

        @JsonPropertyDescription("Never exceeded by a browser.") @Nullable
        Amounts limits) {}
