package dev.hearth.chart;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.TemplateCommand;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;

/** The chart as Helm renders it, for release {@code hearth} in namespace {@code hearth}. */
public record Chart(List<HasMetadata> objects) {
    static final Path FOLDER = Path.of("helm/hearth");
    static final Path EVERYTHING = FOLDER.resolve("ci/everything-values.yaml");
    private static final KubernetesSerialization YAML = new KubernetesSerialization();

    static Helm helm() {
        return new Helm(FOLDER);
    }

    static String text(UnaryOperator<TemplateCommand> options) {
        // Without a cluster to ask, Helm takes an old version that the chart refuses.
        var command =
                helm().template().withName("hearth").withNamespace("hearth").withKubeVersion("1.34.4");
        return options.apply(command).call();
    }

    public static Chart of(UnaryOperator<TemplateCommand> options) {
        return new Chart(Arrays.stream(text(options).split("(?m)^---\\s*$"))
                .filter(document -> document.contains("\nkind:"))
                .<HasMetadata>map(YAML::unmarshal)
                .toList());
    }

    public static Chart byDefault() {
        return of(command -> command);
    }

    public static Chart withEverything() {
        return of(command -> command.withValuesFile(EVERYTHING));
    }

    <T extends HasMetadata> List<T> all(Class<T> type) {
        return objects.stream().filter(type::isInstance).map(type::cast).toList();
    }

    <T extends HasMetadata> T one(Class<T> type, String name) {
        return all(type).stream()
                .filter(object -> object.getMetadata().getName().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + type.getSimpleName() + " " + name));
    }

    /** By the name of the object that makes them. */
    public Map<String, PodTemplateSpec> pods() {
        var pods = new LinkedHashMap<String, PodTemplateSpec>();
        for (var object : objects) {
            var name = object.getMetadata().getName();
            switch (object) {
                case Deployment deployment ->
                    pods.put(name, deployment.getSpec().getTemplate());
                case StatefulSet set -> pods.put(name, set.getSpec().getTemplate());
                case DaemonSet set -> pods.put(name, set.getSpec().getTemplate());
                default -> {}
            }
        }
        return pods;
    }

    PodSpec pod(String maker) {
        return Objects.requireNonNull(pods().get(maker), maker).getSpec();
    }
}
