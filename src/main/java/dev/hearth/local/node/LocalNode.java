package dev.hearth.local.node;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.NamespacedKubernetesClient;
import io.fabric8.kubernetes.client.RequestConfigBuilder;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A kubelet for this machine. It registers one Node per member, and runs the pods that the scheduler binds to them as
 * child processes on loopback addresses of their own, as the user who runs this JVM: pods are <em>not</em> isolated from
 * this machine or from each other, and {@code runAsUser} is not applied. Containers are not chrooted; mount paths in
 * commands, arguments and environment are rewritten ({@link PathMapping}). The client must outlive it.
 */
public final class LocalNode implements AutoCloseable {
    /** TERM to all, this long to leave, then KILL: a person waits for Ctrl-C to work. */
    private static final Duration CLOSING_GRACE = Duration.ofSeconds(3);

    private static final int REQUEST_MILLIS = 3000;

    /** Undone in reverse order. */
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    private final List<SharedIndexInformer<Pod>> watches = new CopyOnWriteArrayList<>();

    private LocalNode() {}

    /** One Node object: pods of a region go to its nodes by the scheduler's own rules. */
    public record Member(String region, String zone) {}

    /**
     * @param directory keeps this installation's identity and its pods' files; one LocalNode at a time
     * @param members one Node each; zones must differ
     */
    public record Options(Path directory, List<Member> members, LocalImages images) {
        public Options {
            members = List.copyOf(members);
            if (members.stream().map(Member::zone).distinct().count() != members.size() || members.isEmpty()) {
                throw new IllegalArgumentException(
                        "a local node needs members with a zone each of its own: " + members);
            }
        }
    }

    /** Returns when the nodes are Ready and every pod already bound to them was looked at. */
    public static LocalNode start(KubernetesClient client, Options options) {
        var node = new LocalNode();
        try {
            node.open(client, options);
            return node;
        } catch (RuntimeException failed) {
            node.close();
            throw failed;
        }
    }

    private void open(KubernetesClient client, Options options) {
        var directory = opened(NodeDirectory.open(options.directory()));
        var mark = NodeContext.NODE_MARK + "=" + directory.instance();
        ProcessTree.killMarked(mark);
        directory.deleteAllData();
        var deathWatch = opened(DeathWatch.start(mark));
        var cgroup = Cgroup.find(directory.instance());
        cgroup.ifPresent(found -> opened.push(found::close));
        var context = new NodeContext(
                impatient(client),
                directory,
                new LoopbackAddresses(client.getMasterUrl().getPort()),
                cgroup,
                deathWatch,
                InstantSource.system(),
                new AtomicBoolean());
        var pods = new NodePods(context, options.images());
        var logs = opened(LogServer.start(directory.root(), request -> find(request, context, pods)));
        var objects = new NodeObject(directory.instance(), ThisMachine.measure(), logs.port());
        opened(new NodeRegistration(client, options.members(), objects, context.clock()))
                .start();
        opened.push(() -> ProcessTree.killMarked(mark));
        opened.push(() -> pods.shutDown(CLOSING_GRACE));
        opened.push(() -> context.closing().set(true));
        watch(client, options.members().stream().map(objects::name).toList(), pods);
    }

    /**
     * A pod's runner must not hang in a request while its processes need it: one short attempt each, repeated by the
     * runner's own loop. Shorter than {@code REQUEST_MILLIS} would call a busy API server absent; longer delays a KILL.
     */
    private static KubernetesClient impatient(KubernetesClient client) {
        return client.adapt(NamespacedKubernetesClient.class)
                .withRequestConfig(
                        new RequestConfigBuilder(client.getConfiguration().getRequestConfig())
                                .withRequestRetryBackoffLimit(0)
                                .withRequestTimeout(REQUEST_MILLIS)
                                .build())
                .call(configured -> configured);
    }

    private <T extends AutoCloseable> T opened(T part) {
        opened.push(part);
        return part;
    }

    private void watch(KubernetesClient client, List<String> nodes, NodePods pods) {
        var uids = new HashSet<String>();
        for (var node : nodes) {
            var informer = client.pods()
                    .inAnyNamespace()
                    .withField("spec.nodeName", node)
                    .inform(new Events(pods));
            opened.push(informer);
            watches.add(informer);
            informer.getStore().list().forEach(pod -> uids.add(pod.getMetadata().getUid()));
        }
        pods.forgetAllBut(uids);
    }

    private record Events(NodePods pods) implements ResourceEventHandler<Pod> {
        @Override
        public void onAdd(Pod pod) {
            pods.seen(pod);
        }

        @Override
        public void onUpdate(Pod before, Pod pod) {
            // A pod may be deleted and made anew under its name between two looks.
            if (!before.getMetadata().getUid().equals(pod.getMetadata().getUid())) {
                pods.gone(before);
            }
            pods.seen(pod);
        }

        @Override
        public void onDelete(Pod pod, boolean finalStateUnknown) {
            pods.gone(pod);
        }
    }

    private Optional<LogServer.Log> find(LogRequest request, NodeContext context, NodePods pods) {
        var key = request.namespace() + "/" + request.pod();
        return watches.stream()
                .map(watch -> watch.getStore().getByKey(key))
                .filter(Objects::nonNull)
                .map(pod -> pod.getMetadata().getUid())
                .findFirst()
                .flatMap(uid -> context.directory()
                        .pod(uid)
                        .newestLog(request.container())
                        .map(file -> new LogServer.Log(file, () -> pods.alive(uid))));
    }

    /** Ends every process within a few seconds; the pods' objects stay and are dealt with at the next start. */
    @Override
    public void close() {
        RuntimeException first = null;
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            } catch (Exception failed) {
                // The rest is closed all the same: a process must not outlive its pod because a file did.
                first = first == null
                        ? new IllegalStateException("a part of the local node did not close", failed)
                        : first;
            }
        }
        if (first != null) {
            throw first;
        }
    }
}
