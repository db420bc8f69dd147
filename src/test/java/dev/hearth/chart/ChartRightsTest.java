package dev.hearth.chart;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every right that the chart gives, to the verb: a new one is seen here first. */
class ChartRightsTest {
    private static final Chart CHART = Chart.withEverything();

    @Test
    void theOperatorMayDoThisEverywhere() {
        assertThat(rights(CHART.all(ClusterRole.class).getFirst().getRules()))
                .containsExactly(
                        "hearth.dev browserpools,browsersessions: get,list,watch,patch",
                        "hearth.dev browsersessions: create,delete",
                        "hearth.dev browserpools/status,browsersessions/status: get,patch",
                        "hearth.dev browsersessions/finalizers: update",
                        "core pods: get,list,watch,create,patch,delete",
                        "core secrets: get,list,watch,create,patch,delete",
                        "core configmaps: get,list,watch",
                        "core nodes: get",
                        "core events: create",
                        "policy poddisruptionbudgets: create,delete");
        assertThat(CHART.all(ClusterRole.class)).hasSize(1);
    }

    @Test
    void theOperatorMayLeadInItsNamespace() {
        assertThat(rights(CHART.all(Role.class).getFirst().getRules()))
                .containsExactly(
                        "coordination.k8s.io leases: create",
                        "coordination.k8s.io leases hearth-operator: get,update,patch");
        assertThat(CHART.all(Role.class)).hasSize(1);
    }

    @Test
    void nobodyElseMayDoAnything() {
        var subjects = Stream.concat(
                CHART.all(ClusterRoleBinding.class).stream().map(ClusterRoleBinding::getSubjects),
                CHART.all(RoleBinding.class).stream().map(RoleBinding::getSubjects));
        assertThat(subjects)
                .hasSize(2)
                .allSatisfy(bound -> assertThat(bound)
                        .singleElement()
                        .satisfies(subject -> assertThat(subject.getName()).isEqualTo("hearth-operator")));
    }

    private static List<String> rights(List<PolicyRule> rules) {
        return rules.stream()
                .map(rule -> "%s %s%s: %s"
                        .formatted(
                                rule.getApiGroups().getFirst().replaceAll("^$", "core"),
                                String.join(",", rule.getResources()),
                                rule.getResourceNames().isEmpty()
                                        ? ""
                                        : " " + String.join(",", rule.getResourceNames()),
                                String.join(",", rule.getVerbs())))
                .toList();
    }
}
