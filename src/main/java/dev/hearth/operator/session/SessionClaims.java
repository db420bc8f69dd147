package dev.hearth.operator.session;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hearth.api.v1alpha1.BrowserSession;
import dev.hearth.api.v1alpha1.BrowserSessionSpec;
import dev.hearth.claim.ClaimOutcome;
import dev.hearth.claim.ClaimRequest;
import dev.hearth.claim.ClaimRequest.Candidate;
import dev.hearth.claim.ClaimStore;
import dev.hearth.claim.Directory;
import dev.hearth.claim.SessionTerms;
import dev.hearth.claim.Sha256;
import dev.hearth.operator.DurationText;
import dev.hearth.operator.pool.PoolTargets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.ToIntFunction;

/** Turns a declared session into a claim. Its namespace is its project; the object's UID makes a second claim a replay. */
final class SessionClaims {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ClaimStore claims;
    private final Directory directory;

    private final ToIntFunction<String> virtualShard;

    SessionClaims(ClaimStore claims, Directory directory, ToIntFunction<String> virtualShard) {
        this.claims = claims;
        this.directory = directory;
        this.virtualShard = virtualShard;
    }

    /** What became of a declared claim: the store's answer, or why it was not asked. */
    sealed interface Answer {
        record Asked(ClaimOutcome outcome) implements Answer {}

        record NotAsked(String reason, String message) implements Answer {}
    }

    Answer claim(BrowserSession object) {
        var project = object.getMetadata().getNamespace();
        var pools = matching(object);
        if (pools.isEmpty()) {
            return noPool(object.getSpec(), project);
        }
        var serving = pools.stream().filter(pool -> pool.serves(project)).toList();
        if (serving.isEmpty()) {
            return new Answer.NotAsked(
                    "CrossNamespaceForbidden",
                    "the pool does not serve namespace " + project + "; its allowedProjects must name it");
        }
        if (directory.project(project).isEmpty()) {
            directory.putProject(new Directory.Project(project, null, null));
        }
        var request = request(object, serving);
        return new Answer.Asked(claims.claim(List.of(request)).getFirst());
    }

    private ClaimRequest request(BrowserSession object, List<Directory.Pool> pools) {
        var spec = object.getSpec();
        var project = directory.project(object.getMetadata().getNamespace()).orElseThrow();
        var uid = object.getMetadata().getUid();
        return new ClaimRequest(
                id(object, pools.getFirst().region()),
                project.name(),
                pools.stream()
                        .map(pool -> new Candidate(pool.id(), pool.region(), terms(spec, pool, project)))
                        .toList(),
                null,
                json(spec.metadata() == null ? Map.of() : spec.metadata()),
                new ClaimRequest.Idempotency("browsersession/" + uid, Sha256.of(uid)));
    }

    /** The object's session, claimed or to be claimed; empty where no pool says yet in which region that would be. */
    Optional<UUID> id(BrowserSession object) {
        var status = object.getStatus();
        if (status != null && status.sessionId() != null) {
            return Optional.of(UUID.fromString(status.sessionId()));
        }
        return matching(object).stream().findFirst().map(pool -> id(object, pool.region()));
    }

    /** All pools of one object are of one region, so its id is always the same. */
    private UUID id(BrowserSession object, String region) {
        return DeclaredSessionId.of(
                object.getMetadata().getUid(),
                Instant.parse(object.getMetadata().getCreationTimestamp()),
                virtualShard.applyAsInt(region));
    }

    private List<Directory.Pool> matching(BrowserSession object) {
        return directory.pools().stream()
                .filter(pool -> matches(object.getSpec(), object.getMetadata().getNamespace(), pool))
                .toList();
    }

    private static boolean matches(BrowserSessionSpec spec, String project, Directory.Pool pool) {
        var ref = spec.poolRef();
        if (ref != null) {
            return pool.name().equals(ref.name())
                    && pool.namespace().equals(ref.namespace() == null ? project : ref.namespace());
        }
        var selector = spec.selector();
        return selector != null && pool.region().equals(selector.region()) && pool.serves(project);
    }

    private static Answer noPool(BrowserSessionSpec spec, String project) {
        var ref = spec.poolRef();
        if (ref != null) {
            var namespace = ref.namespace() == null ? project : ref.namespace();
            return new Answer.NotAsked("PoolNotFound", "no pool " + ref.name() + " in namespace " + namespace);
        }
        var region = spec.selector() == null ? "" : spec.selector().region();
        return new Answer.NotAsked("PoolNotFound", "no pool of region " + region + " serves namespace " + project);
    }

    private static SessionTerms terms(BrowserSessionSpec spec, Directory.Pool pool, Directory.Project project) {
        var defaults = pool.defaults();
        var projects = project.defaultTimeout();
        var timeout = pool.timeoutIsDefault() && projects != null ? projects : defaults.timeout();
        return new SessionTerms(
                spec.timeout() == null ? timeout : DurationText.parse(spec.timeout()),
                spec.idleTimeout() == null ? defaults.idleTimeout() : DurationText.parse(spec.idleTimeout()),
                defaults.connectTimeout(),
                defaults.reconnectWindow(),
                spec.keepAlive() == null ? defaults.keepAlive() : spec.keepAlive(),
                spec.connections() == null ? defaults.connections() : PoolTargets.connections(spec.connections()));
    }

    private static String json(Map<String, String> metadata) {
        try {
            return JSON.writeValueAsString(metadata);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("a map of texts is always JSON", impossible);
        }
    }
}
