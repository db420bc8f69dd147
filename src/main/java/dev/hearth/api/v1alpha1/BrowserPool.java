package dev.hearth.api.v1alpha1;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/** A declared supply of warm browsers of one shape in one region. {@code replicas} counts unclaimed browsers only. */
@Group("hearth.dev")
@Version("v1alpha1")
@Plural("browserpools")
@ShortNames("bp")
@Categories("hearth")
@ValidationRule(
        value = "size(self.metadata.name) <= 40",
        message = "metadata.name must be at most 40 characters, because pod names are derived from it")
@AdditionalPrinterColumn(
        name = "Ready",
        jsonPath = ".status.conditions[?(@.type==\"Ready\")].status",
        type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
        name = "Reason",
        jsonPath = ".status.conditions[?(@.type==\"Ready\")].reason",
        type = AdditionalPrinterColumn.Type.STRING,
        priority = 1)
@AdditionalPrinterColumn(
        name = "Age",
        jsonPath = ".metadata.creationTimestamp",
        type = AdditionalPrinterColumn.Type.DATE)
public class BrowserPool extends CustomResource<BrowserPoolSpec, BrowserPoolStatus> implements Namespaced {
    private static final long serialVersionUID = 1L;
}
