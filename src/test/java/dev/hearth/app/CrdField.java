package dev.hearth.app;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A field that users can set, as the committed CRD says it.
 *
 * @param path from {@code spec} on; {@code []} stands for the items of a list
 * @param standard the default, {@code none}, or {@code required}
 * @param bounds numbers and words that its row must name
 */
record CrdField(String path, String standard, List<String> bounds) {
    /** Kubernetes' own types: their fields are described there. */
    private static final Set<String> OF_PODS = Set.of(
            "spec.scheduling.tolerations", "spec.scheduling.affinity", "spec.scheduling.topologySpreadConstraints");
    /** A duration's longest spelling is no bound that a user meets. */
    private static final long LONGEST_DURATION = 16;

    static List<CrdField> of(String plural) {
        var crd = new KubernetesSerialization()
                .unmarshal(Pages.text(Path.of("crds", plural + ".hearth.dev-v1.yaml")), CustomResourceDefinition.class);
        var root = crd.getSpec().getVersions().getFirst().getSchema().getOpenAPIV3Schema();
        return inside("spec", Objects.requireNonNull(root.getProperties().get("spec")))
                .toList();
    }

    private static Stream<CrdField> inside(String path, JSONSchemaProps schema) {
        return schema.getProperties().entrySet().stream()
                .flatMap(entry -> at(
                        path + "." + entry.getKey(),
                        entry.getValue(),
                        schema.getRequired() != null && schema.getRequired().contains(entry.getKey())));
    }

    private static Stream<CrdField> at(String path, JSONSchemaProps schema, boolean required) {
        if (!OF_PODS.contains(path) && hasFields(schema)) {
            return inside(path, schema);
        }
        var field = new CrdField(path, required ? "required" : standard(schema.getDefault()), bounds(schema));
        var items = schema.getItems() == null ? null : schema.getItems().getSchema();
        return !OF_PODS.contains(path) && items != null && hasFields(items)
                ? Stream.concat(Stream.of(field), inside(path + "[]", items))
                : Stream.of(field);
    }

    private static boolean hasFields(JSONSchemaProps schema) {
        return schema.getProperties() != null && !schema.getProperties().isEmpty();
    }

    private static String standard(@Nullable JsonNode value) {
        if (value == null || value.isNull()) {
            return "none";
        }
        return value.isTextual() && !value.asText().isEmpty() ? value.asText() : value.toString();
    }

    private static List<String> bounds(JSONSchemaProps schema) {
        var numbers = Stream.of(
                        schema.getMinimum(),
                        schema.getMaximum(),
                        schema.getMaxItems(),
                        schema.getMaxProperties(),
                        Objects.equals(schema.getMaxLength(), LONGEST_DURATION) ? null : schema.getMaxLength())
                .filter(Objects::nonNull)
                .map(number -> Long.toString(number.longValue()));
        var words = schema.getEnum() == null
                ? Stream.<String>empty()
                : schema.getEnum().stream().map(JsonNode::asText);
        return Stream.concat(numbers, words).toList();
    }
}
