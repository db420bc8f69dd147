package dev.hearth.operator;

import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Kubernetes Events, few on purpose: the same word about the same object at most once in five minutes. An Event is a
 * courtesy: one that cannot be written is forgotten.
 */
public final class Events {
    /** How loud an Event is. */
    public enum Level {
        NORMAL("Normal"),
        WARNING("Warning");

        private final String word;

        Level(String word) {
            this.word = word;
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(Events.class);
    /** Shorter floods etcd while a pool fails; longer hides that it still does. */
    private static final Duration ONCE_IN = Duration.ofMinutes(5);
    /** Bounds memory, and with it the Events of a cluster where everything fails at once. */
    private static final int REMEMBERED = 2_000;

    private final KubernetesClient client;
    private final Clock clock;
    private final Map<String, Instant> told = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Instant> eldest) {
            return size() > REMEMBERED;
        }
    };

    public Events(KubernetesClient client, Clock clock) {
        this.client = client;
        this.clock = clock;
    }

    public void tell(HasMetadata about, Level level, String reason, String message) {
        if (!due(about.getMetadata().getUid() + "/" + reason)) {
            return;
        }
        try {
            client.resource(event(about, level, reason, message)).create();
        } catch (KubernetesClientException unwritten) {
            LOG.debug("event not written", unwritten);
        }
    }

    private synchronized boolean due(String key) {
        var now = clock.instant();
        var last = told.get(key);
        if (last != null && last.plus(ONCE_IN).isAfter(now)) {
            return false;
        }
        told.remove(key);
        told.put(key, now);
        return true;
    }

    private io.fabric8.kubernetes.api.model.Event event(HasMetadata about, Level level, String reason, String message) {
        var now = clock.instant();
        var namespace = about.getMetadata().getNamespace();
        return new EventBuilder()
                .withNewMetadata()
                .withName(about.getMetadata().getName() + "."
                        + UUID.randomUUID().toString().substring(0, 8))
                .withNamespace(namespace)
                .endMetadata()
                .withInvolvedObject(new ObjectReferenceBuilder()
                        .withApiVersion(about.getApiVersion())
                        .withKind(about.getKind())
                        .withNamespace(namespace)
                        .withName(about.getMetadata().getName())
                        .withUid(about.getMetadata().getUid())
                        .build())
                .withType(level.word)
                .withReason(reason)
                .withMessage(message.substring(0, Math.min(message.length(), 1000)))
                .withAction(reason)
                .withReportingComponent("hearth.dev/operator")
                .withReportingInstance("hearth-operator")
                .withEventTime(new MicroTime(now.truncatedTo(ChronoUnit.MICROS).toString()))
                .withFirstTimestamp(now.truncatedTo(ChronoUnit.SECONDS).toString())
                .withLastTimestamp(now.truncatedTo(ChronoUnit.SECONDS).toString())
                .withCount(1)
                .build();
    }
}
