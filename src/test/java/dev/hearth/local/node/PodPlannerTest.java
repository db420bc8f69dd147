package dev.hearth.local.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.time.Duration;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodPlannerTest {
    private static final KubernetesSerialization YAML = new KubernetesSerialization();

    /** One field too many in an otherwise plain pod: {@code pod} at the spec's level, {@code container} at its container's. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            hostNetwork: true                                       |                                                          | spec.hostNetwork
            hostPID: true                                           |                                                          | spec.hostPID
            activeDeadlineSeconds: 5                                |                                                          | spec.activeDeadlineSeconds
            runtimeClassName: x                                     |                                                          | spec.runtimeClassName
            volumes: [{name: v, hostPath: {path: /x}}]              |                                                          | spec.volumes[v].hostPath
            volumes: [{name: v, projected: {sources: [{secret: {}}]}}] |                                                       | spec.volumes[v].projected
            volumes: [{name: v, emptyDir: {medium: HugePages}}]     |                                                          | spec.volumes[v].emptyDir.medium
            volumes: [{name: v, secret: {secretName: s, items: [{key: k, path: ../k}]}}] |                                     | spec.volumes[v].secret.items[k].path
            | lifecycle: {preStop: {exec: {command: [x]}}}             | spec.containers[main].lifecycle
            | livenessProbe: {tcpSocket: {port: 1}}                    | spec.containers[main].livenessProbe
            | startupProbe: {tcpSocket: {port: 1}}                     | spec.containers[main].startupProbe
            | readinessProbe: {grpc: {port: 1}}                        | spec.containers[main].readinessProbe.grpc
            | readinessProbe: {httpGet: {port: 1, scheme: HTTPS}}      | spec.containers[main].readinessProbe.httpGet.scheme
            | readinessProbe: {httpGet: {port: 1, host: example.org}}  | spec.containers[main].readinessProbe.httpGet.host
            | readinessProbe: {httpGet: {port: nowhere}}               | spec.containers[main].readinessProbe.httpGet.port
            | readinessProbe: {exec: {command: [bash]}}                | spec.containers[main].readinessProbe.exec.command
            | securityContext: {privileged: true}                      | spec.containers[main].securityContext.privileged
            | ports: [{name: p, containerPort: 1, hostPort: 2}]        | spec.containers[main].ports[p].hostPort
            | volumeMounts: [{name: v, mountPath: /v, subPath: x}]     | spec.containers[main].volumeMounts[v].subPath
            | volumeMounts: [{name: v, mountPath: /}]                  | spec.containers[main].volumeMounts[v].mountPath
            | envFrom: [{secretRef: {name: x}}]                        | spec.containers[main].envFrom
            | env: [{name: E, valueFrom: {resourceFieldRef: {resource: x}}}] | spec.containers[main].env[E].valueFrom.resourceFieldRef
            | env: [{name: E, valueFrom: {fieldRef: {fieldPath: spec.x}}}]   | spec.containers[main].env[E].valueFrom.fieldRef
            | workingDir: /x                                           | spec.containers[main].workingDir
            | command: [/bin/bash]                                     | spec.containers[main].command
            """)
    void whatItCannotDoIsNamed(@Nullable String pod, @Nullable String container, String field) {
        var plan = PodPlanner.plan(pod(pod, container), TestCluster.IMAGES);

        assertThat(plan)
                .isInstanceOfSatisfying(
                        PodPlan.Unsupported.class,
                        refusal -> assertThat(refusal.field()).isEqualTo(field));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            tolerations: [{key: x, operator: Exists}]         |
            affinity: {nodeAffinity: {}}                      |
            securityContext: {runAsUser: 10001}               |
            hostNetwork: false                                |
            | securityContext: {privileged: false, runAsUser: 5, capabilities: {drop: [ALL]}}
            | resources: {requests: {cpu: 1}, limits: {cpu: 2}}
            | imagePullPolicy: Always
            | ports: [{containerPort: 80, protocol: TCP}]
            """)
    void whatMeansNothingOnOneMachineIsAccepted(@Nullable String pod, @Nullable String container) {
        assertThat(PodPlanner.plan(pod(pod, container), TestCluster.IMAGES)).isInstanceOf(PodPlan.Run.class);
    }

    @Test
    void aFieldOfTomorrowIsRefusedWhereADenyListWouldOverlookIt() {
        var tomorrow = pod("fieldOfTomorrow: {level: 9}", "");
        Predicate<Pod> denyList = pod -> pod.getSpec().getHostNetwork() == null;

        assertThat(denyList).accepts(tomorrow);
        assertThat(PodPlanner.plan(tomorrow, TestCluster.IMAGES))
                .isInstanceOfSatisfying(
                        PodPlan.Unsupported.class,
                        refusal -> assertThat(refusal.field()).isEqualTo("spec.fieldOfTomorrow"));
    }

    @Test
    void ordersRolesAndReadsLimits() {
        var plan = (PodPlan.Run) PodPlanner.plan(YAML.unmarshal("""
                apiVersion: v1
                kind: Pod
                metadata: {name: p}
                spec:
                  restartPolicy: Never
                  terminationGracePeriodSeconds: 7
                  volumes: [{name: dshm, emptyDir: {medium: Memory, sizeLimit: 1Gi}}]
                  initContainers:
                    - {name: once, image: "hearth.test/tools:1"}
                    - {name: beside, image: "hearth.test/tools:1", restartPolicy: Always}
                  containers:
                    - name: chrome
                      image: hearth.test/chrome:1
                      command: [/usr/bin/chromium, --headless]
                      args: ["about:blank"]
                      resources: {limits: {memory: 1Gi}}
                      volumeMounts: [{name: dshm, mountPath: /dev/shm/}]
                """, Pod.class), TestCluster.IMAGES);

        assertThat(plan.containers())
                .extracting(ContainerPlan::role)
                .containsExactly(ContainerPlan.Role.INIT, ContainerPlan.Role.SIDECAR, ContainerPlan.Role.MAIN);
        var chrome = plan.containers().getLast();
        assertThat(chrome.arguments()).containsExactly("--headless", "about:blank");
        assertThat(chrome.memoryLimit()).hasValue(1L << 30);
        assertThat(chrome.sharedMemory()).isTrue();
        assertThat(plan.grace()).isEqualTo(Duration.ofSeconds(7));
    }

    private static Pod pod(@Nullable String pod, @Nullable String container) {
        return YAML.unmarshal("""
                apiVersion: v1
                kind: Pod
                metadata: {name: p}
                spec:
                  restartPolicy: Never
                  %s
                  containers:
                    - name: main
                      image: hearth.test/tools:1
                      %s
                """.formatted(pod == null ? "" : pod, container == null ? "" : container), Pod.class);
    }
}
