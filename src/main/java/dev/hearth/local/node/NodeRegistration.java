package dev.hearth.local.node;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Taint;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps this machine's Node objects and their leases fresh, and makes again what somebody deleted. */
final class NodeRegistration implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NodeRegistration.class);
    private static final String LEASES = "kube-node-lease";
    /** A kubelet's figures: the node-lifecycle controller calls a node lost after 40 s without a renewal. */
    private static final int LEASE_SECONDS = 40;

    private static final int RENEWAL_SECONDS = 10;

    private final KubernetesClient client;
    private final List<LocalNode.Member> members;
    private final NodeObject objects;
    private final InstantSource clock;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("local-node-lease").factory());

    NodeRegistration(KubernetesClient client, List<LocalNode.Member> members, NodeObject objects, InstantSource clock) {
        this.client = client;
        this.members = members;
        this.objects = objects;
        this.clock = clock;
    }

    /** Returns when every node is registered and Ready. */
    void start() {
        forgetOthers();
        members.forEach(this::renew);
        timer.scheduleWithFixedDelay(this::renewAll, RENEWAL_SECONDS, RENEWAL_SECONDS, TimeUnit.SECONDS);
    }

    /** Nodes of this directory that an earlier start had and this one has not. */
    private void forgetOthers() {
        var names = members.stream().map(objects::name).collect(Collectors.toSet());
        client.nodes().withLabels(objects.identity()).list().getItems().stream()
                .filter(node -> !names.contains(node.getMetadata().getName()))
                .forEach(node -> client.resource(node).delete());
    }

    private void renewAll() {
        for (var member : members) {
            try {
                renew(member);
            } catch (KubernetesClientException away) {
                LOG.atWarn()
                        .addKeyValue("node", objects.name(member))
                        .addKeyValue("reason", away.getMessage())
                        .log("a local node's lease was not renewed; trying again");
            }
        }
    }

    private void renew(LocalNode.Member member) {
        var known = client.nodes().withName(objects.name(member)).get();
        var node = known == null
                ? client.resource(objects.desired(member)).create()
                : client.resource(objects.desired(member)).patch(PatchContext.of(PatchType.STRATEGIC_MERGE));
        client.nodes()
                .withName(objects.name(member))
                .subresource("status")
                .patch(
                        PatchContext.of(PatchType.STRATEGIC_MERGE),
                        client.getKubernetesSerialization().asJson(objects.status(node, clock.instant())));
        lease(node);
        withoutTaint(node);
    }

    private void lease(Node node) {
        var name = node.getMetadata().getName();
        var lease = new LeaseBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(LEASES)
                .addNewOwnerReference()
                .withApiVersion("v1")
                .withKind("Node")
                .withName(name)
                .withUid(node.getMetadata().getUid())
                .endOwnerReference()
                .endMetadata()
                .withNewSpec()
                .withHolderIdentity(name)
                .withLeaseDurationSeconds(LEASE_SECONDS)
                .withRenewTime(clock.instant().atZone(ZoneOffset.UTC))
                .endSpec()
                .build();
        client.resource(lease).inNamespace(LEASES).forceConflicts().serverSideApply();
    }

    /**
     * The API server taints a new node as not ready; the node-lifecycle controller takes that away, and where it does not
     * run nobody would.
     */
    private void withoutTaint(Node node) {
        var taints = node.getSpec().getTaints();
        if (taints.stream().anyMatch(NodeRegistration::notReady)) {
            client.nodes()
                    .withName(node.getMetadata().getName())
                    .edit(current -> new NodeBuilder(current)
                            .editSpec()
                            .withTaints(current.getSpec().getTaints().stream()
                                    .filter(taint -> !notReady(taint))
                                    .toList())
                            .endSpec()
                            .build());
        }
    }

    private static boolean notReady(Taint taint) {
        return taint.getKey().equals("node.kubernetes.io/not-ready");
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
