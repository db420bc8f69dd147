package dev.hearth.api.v1alpha1;

import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.crdv2.generator.CRDPostProcessor;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** Makes the CRDs from the records: file name → YAML. */
final class CrdFiles {
    /** The generator sorts columns by their path; people read region and counts first, age last. */
    private static final List<String> COLUMN_ORDER = List.of(
            "Region",
            "Phase",
            "Desired",
            "Warm",
            "Starting",
            "Claimed",
            "Updated",
            "Failed",
            "Ready",
            "Reason",
            "Ended",
            "Expires",
            "Secret",
            "Pool",
            "Session",
            "Pod",
            "URL",
            "Max",
            "Image",
            "Revision",
            "Age");

    private CrdFiles() {}

    static Map<String, String> generate() {
        var files = new TreeMap<String, ByteArrayOutputStream>();
        new CRDGenerator()
                .customResourceClasses(BrowserPool.class, BrowserSession.class)
                .forCRDVersions("v1")
                .withPostProcessor(new CRDPostProcessor() {
                    @Override
                    public HasMetadata process(HasMetadata crd, String version) {
                        ((CustomResourceDefinition) crd).getSpec().getVersions().forEach(CrdFiles::finish);
                        return crd;
                    }
                })
                .withOutput(new Output(files))
                .generate();
        var text = new TreeMap<String, String>();
        files.forEach((name, bytes) -> text.put(name + ".yaml", bytes.toString(StandardCharsets.UTF_8)));
        return text;
    }

    private static void finish(CustomResourceDefinitionVersion version) {
        version.getAdditionalPrinterColumns().sort(Comparator.comparingInt((CustomResourceColumnDefinition column) -> {
            var place = COLUMN_ORDER.indexOf(column.getName());
            if (place < 0) {
                throw new IllegalStateException("column " + column.getName() + " has no place in COLUMN_ORDER");
            }
            return place;
        }));
        var root = version.getSchema().getOpenAPIV3Schema();
        root.setRequired(List.of("spec"));
        var conditions = property(property(root, "status"), "conditions");
        // Lets several writers own conditions by type; the generator has no annotation for it.
        conditions.setXKubernetesListType("map");
        conditions.setXKubernetesListMapKeys(List.of("type"));
        conditions.getItems().getSchema().setRequired(List.of("type", "status"));
    }

    private static JSONSchemaProps property(JSONSchemaProps schema, String name) {
        return Objects.requireNonNull(schema.getProperties().get(name), name);
    }

    private record Output(Map<String, ByteArrayOutputStream> files)
            implements CRDGenerator.CRDOutput<ByteArrayOutputStream> {
        @Override
        public ByteArrayOutputStream outputFor(String crdName) {
            return files.computeIfAbsent(crdName, _ -> new ByteArrayOutputStream());
        }

        @Override
        public java.net.URI crdURI(String crdName) {
            return java.net.URI.create("file:///" + crdName);
        }

        @Override
        public void close() {}
    }
}
