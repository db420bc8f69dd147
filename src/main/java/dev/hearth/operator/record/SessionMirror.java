package dev.hearth.operator.record;

import dev.hearth.api.v1alpha1.BrowserSession;
import dev.hearth.api.v1alpha1.BrowserSessionStatus;
import dev.hearth.claim.Session;
import dev.hearth.claim.SessionCensus;
import dev.hearth.claim.StoreException;
import dev.hearth.operator.OperatorPorts;
import dev.hearth.operator.record.RecordPlanner.SessionRecord;
import dev.hearth.operator.record.RecordPlanner.Snapshot;
import dev.hearth.operator.record.RecordPlanner.Step;
import dev.hearth.operator.session.DeclaredSessions;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the records of pools with {@code sessionRecords: All}. It compares what is with what should be at each look, so an
 * operator that was restarted goes on where the other stopped. Nothing waits for it, and it never slows the API server
 * down by more than its budget.
 */
public final class SessionMirror implements Runnable, AutoCloseable {
    /** More is a load on every watcher of the API server; etcd is no session store. */
    private static final int WRITES_PER_SECOND = 20;
    /** Ten seconds of beginnings at that rate. A longer queue would only write what is over already. */
    private static final int BACKLOG = 100;

    private static final PatchContext APPLY = new PatchContext.Builder()
            .withPatchType(PatchType.SERVER_SIDE_APPLY)
            .withFieldManager("sessionrecords")
            .withForce(true)
            .build();
    private static final Logger LOG = LoggerFactory.getLogger(SessionMirror.class);

    private final KubernetesClient client;
    private final RecordView view;
    private final SessionCensus census;
    private final Clock clock;
    private final RecordPlanner planner;
    private final WriteBudget budget = new WriteBudget(WRITES_PER_SECOND);
    private final Counter written;
    private final Counter shed;
    private Set<UUID> passedOver = new HashSet<>();

    public SessionMirror(
            KubernetesClient client, OperatorPorts ports, Duration keep, MeterRegistry registry, Clock clock) {
        this.client = client;
        this.view = new RecordView(client);
        this.census = ports.census();
        this.clock = clock;
        this.planner = new RecordPlanner(keep, BACKLOG);
        this.written = registry.counter("hearth.session.records.written");
        this.shed = registry.counter("hearth.session.records.shed");
    }

    /** To be run about once a second, while leading. */
    @Override
    public void run() {
        try {
            look();
        } catch (StoreException | KubernetesClientException away) {
            LOG.atDebug().setCause(away).log("session records wait");
        } catch (RuntimeException broken) {
            LOG.atWarn().setCause(broken).log("session records were not kept this time");
        }
    }

    private void look() {
        var now = clock.instant();
        var seen = view.look(now);
        if (seen.isEmpty()) {
            return;
        }
        var records = records(seen.get().objects());
        var live = undeclared(census.live(seen.get().pools()), seen.get().objects());
        passedOver.retainAll(live.stream().map(Session::id).collect(Collectors.toSet()));
        var ended = census.byIds(RecordPlanner.vanished(live, records.keySet()));
        var plan = planner.plan(new Snapshot(live, records.keySet(), ended, passedOver), budget.available(now), now);
        shed.increment(plan.shed().size());
        passedOver.addAll(plan.shed());
        for (var step : plan.steps()) {
            budget.spend(step.writes());
            write(step, records);
            written.increment();
        }
    }

    private static Map<SessionRecord, BrowserSession> records(List<BrowserSession> objects) {
        return objects.stream()
                .flatMap(object -> RecordObjects.record(object).map(record -> Map.entry(record, object)).stream())
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** Sessions that an object declared have that object. */
    private static List<Session> undeclared(List<Session> live, List<BrowserSession> objects) {
        var declaring = objects.stream()
                .filter(object -> !RecordObjects.isLabelled(object))
                .toList();
        return live.stream()
                .filter(session -> declaring.stream().noneMatch(object -> DeclaredSessions.isOf(session.id(), object)))
                .toList();
    }

    private void write(Step step, Map<SessionRecord, BrowserSession> records) {
        switch (step) {
            case Step.Create(var session) -> create(session);
            case Step.Finish(var record, var session) -> {
                var object = records.get(record);
                if (object != null) {
                    status(object, RecordObjects.finished(object, session, clock.instant()));
                }
            }
            case Step.Remove(var record) ->
                client.resources(BrowserSession.class)
                        .inNamespace(record.namespace())
                        .withName(record.name())
                        .delete();
        }
    }

    private void create(Session session) {
        try {
            var made = client.resource(RecordObjects.object(session)).patch(APPLY);
            status(made, RecordObjects.running(made, session, clock.instant()));
        } catch (KubernetesClientException refused) {
            if (refused.getCode() != HttpURLConnection.HTTP_NOT_FOUND
                    && refused.getCode() != HttpURLConnection.HTTP_FORBIDDEN) {
                throw refused;
            }
            // Its project's namespace is gone, or takes no more objects.
            passedOver.add(session.id());
            shed.increment();
        }
    }

    private void status(BrowserSession object, BrowserSessionStatus status) {
        var fresh = new BrowserSession();
        fresh.setMetadata(new ObjectMetaBuilder()
                .withName(object.getMetadata().getName())
                .withNamespace(object.getMetadata().getNamespace())
                .build());
        fresh.setStatus(status);
        client.resource(fresh).subresource("status").patch(APPLY);
    }

    @Override
    public void close() {
        view.close();
    }
}
