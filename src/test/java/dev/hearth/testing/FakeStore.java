package dev.hearth.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hearth.claim.ClaimOutcome;
import dev.hearth.claim.ClaimRequest;
import dev.hearth.claim.ClaimStore;
import dev.hearth.claim.Connections;
import dev.hearth.claim.Deadlines;
import dev.hearth.claim.Directory;
import dev.hearth.claim.EndReason;
import dev.hearth.claim.HeartbeatStore;
import dev.hearth.claim.RegionLags;
import dev.hearth.claim.Session;
import dev.hearth.claim.SessionStore;
import dev.hearth.claim.SessionTerms;
import dev.hearth.claim.StoreException;
import dev.hearth.claim.Vacancies;
import jakarta.enterprise.inject.Alternative;
import jakarta.inject.Singleton;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** All four stores in memory, with browsers that live at an address of the test's choice. Starts empty. */
@Alternative
@Singleton
public class FakeStore
        implements ClaimStore,
                SessionStore,
                HeartbeatStore,
                Directory,
                Vacancies,
                Deadlines,
                Deadlines.OfShard,
                RegionLags {
    public static final SessionTerms TERMS = new SessionTerms(
            Duration.ofMinutes(5), null, Duration.ofMinutes(5), Duration.ofSeconds(30), false, Connections.SHARED);

    public final Map<UUID, Session> sessions = new ConcurrentHashMap<>();
    public final Map<UUID, String> settings = new ConcurrentHashMap<>();
    /** Browsers that a gateway vouches for no longer. */
    public final List<Silence> silences = new CopyOnWriteArrayList<>();

    public final Set<UUID> wanted = ConcurrentHashMap.newKeySet();
    public volatile boolean understood = true;
    public final List<List<Report>> batches = new CopyOnWriteArrayList<>();
    public final Map<UUID, String> beatTokens = new ConcurrentHashMap<>();
    private final Map<ByteBuffer, Project> keys = new ConcurrentHashMap<>();
    private final List<Pool> pools = new CopyOnWriteArrayList<>();
    private final Map<String, Remembered> idempotency = new ConcurrentHashMap<>();
    public volatile String address = "127.0.0.1:1";
    public volatile int warm = 1_000;
    public volatile StoreException.@Nullable Kind broken;
    public volatile @Nullable ClaimOutcome refusal;
    public volatile int authentications;
    /** What happens elsewhere before a claim is made. */
    public volatile Runnable whileClaiming = () -> {};
    /** How often somebody who waits looked. */
    public final AtomicInteger looks = new AtomicInteger();

    private record Remembered(byte[] fingerprint, UUID session) {}

    /** Back to nothing. */
    public void clear() {
        List.of(sessions, settings, keys, idempotency, beatTokens).forEach(Map::clear);
        batches.clear();
        pools.clear();
        address = "127.0.0.1:1";
        warm = 1_000;
        broken = null;
        refusal = null;
        whileClaiming = () -> {};
    }

    /** As new, with project team-a, its key key-a and its pool eu. */
    public Project ofTeamA() {
        clear();
        pool("team-a", "eu", "eu-west");
        return key("key-a", "team-a");
    }

    public Project key(String key, String project) {
        var made = new Project(project, 3, Duration.ofMinutes(10));
        keys.put(ByteBuffer.wrap(sha256(key)), made);
        return made;
    }

    public Pool pool(String namespace, String name, String region) {
        // The same pool has the same id after clear(): gateways remember pools for a moment.
        var id = UUID.nameUUIDFromBytes((namespace + "/" + name).getBytes(StandardCharsets.UTF_8));
        var pool = new Pool(id, namespace, name, region, List.of(), List.of(), TERMS, true, null);
        pools.add(pool);
        return pool;
    }

    public Pool guardedPool(String namespace, String name, String region) {
        var id = UUID.nameUUIDFromBytes((namespace + "/" + name).getBytes(StandardCharsets.UTF_8));
        var pool = new Pool(id, namespace, name, region, List.of(), List.of(), TERMS, true, null, true, null);
        pools.add(pool);
        return pool;
    }

    @Override
    public void tell(Map<Integer, Duration> lags) {}

    @Override
    public Map<String, Duration> read() {
        return Map.of();
    }

    @Override
    public List<ClaimOutcome> claim(List<ClaimRequest> group) {
        breakIfAsked();
        whileClaiming.run();
        return group.stream().map(this::claim).toList();
    }

    private synchronized ClaimOutcome claim(ClaimRequest request) {
        var idempotent = request.idempotency();
        if (idempotent != null) {
            var known = idempotency.get(request.project() + "|" + idempotent.key());
            if (known != null) {
                return Arrays.equals(known.fingerprint(), idempotent.fingerprint())
                        ? new ClaimOutcome.Granted(Objects.requireNonNull(sessions.get(known.session())), true)
                        : new ClaimOutcome.KeyReused();
            }
        }
        var refused = refusal;
        if (refused != null) {
            return refused;
        }
        if (warm == 0) {
            return new ClaimOutcome.NoneWarm(2);
        }
        warm--;
        var session = session(request);
        sessions.put(session.id(), session);
        if (request.settings() != null) {
            settings.put(session.id(), request.settings());
        }
        if (idempotent != null) {
            idempotency.put(
                    request.project() + "|" + idempotent.key(), new Remembered(idempotent.fingerprint(), session.id()));
        }
        return new ClaimOutcome.Granted(session, false);
    }

    @Override
    public Vacancy look(Set<UUID> wanted, Set<String> projects) {
        breakIfAsked();
        looks.incrementAndGet();
        return new Vacancy(
                wanted.stream().collect(Collectors.toMap(pool -> pool, _ -> new Stock(warm, 2, Duration.ofSeconds(7)))),
                Map.of());
    }

    @Override
    public synchronized Optional<ClaimOutcome> replay(ClaimRequest request) {
        breakIfAsked();
        return Optional.ofNullable(request.idempotency())
                .filter(key -> idempotency.containsKey(request.project() + "|" + key.key()))
                .map(_ -> claim(request));
    }

    private Session session(ClaimRequest request) {
        var candidate = request.candidates().getFirst();
        var pool = pools.stream()
                .filter(known -> known.id().equals(candidate.pool()))
                .findFirst()
                .orElseThrow();
        var now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        return new Session(
                request.session(),
                request.project(),
                pool.id(),
                pool.namespace(),
                pool.name(),
                pool.region(),
                null,
                UUID.randomUUID(),
                "pod",
                "pod-uid",
                address,
                1,
                candidate.terms(),
                request.metadata(),
                now,
                now.plus(candidate.terms().timeout()),
                now,
                null,
                null);
    }

    @Override
    public Optional<Session> find(@Nullable String project, UUID session) {
        breakIfAsked();
        return Optional.ofNullable(sessions.get(session))
                .filter(found -> project == null || found.project().equals(project));
    }

    @Override
    public List<Session> list(String project, Filter filter) {
        breakIfAsked();
        return sessions.values().stream()
                .filter(session -> session.project().equals(project))
                .filter(session -> filter.live() == null || filter.live() == session.isLive())
                .filter(session -> filter.ending() == null
                        || (session.endReason() != null && session.endReason().ending() == filter.ending()))
                .filter(session -> filter.metadata() == null || contains(session.metadata(), filter.metadata()))
                .sorted(Comparator.comparing(Session::startedAt).reversed())
                .limit(filter.limit())
                .toList();
    }

    @Override
    public long proxyBytes(String project) {
        return list(project, new Filter(null, null, Integer.MAX_VALUE)).stream()
                .mapToLong(Session::proxyBytes)
                .sum();
    }

    @Override
    public Duration browserTime(String project) {
        return sessions.values().stream()
                .filter(session -> session.project().equals(project))
                .map(session -> Duration.between(
                        session.startedAt(), Objects.requireNonNullElseGet(session.endedAt(), Instant::now)))
                .reduce(Duration.ZERO, Duration::plus);
    }

    @Override
    public Attachment attach(UUID session, @Nullable String project) {
        breakIfAsked();
        var found = sessions.get(session);
        if (found == null || (project != null && !project.equals(found.project()))) {
            return new Attachment.Unknown();
        }
        return found.isLive() ? new Attachment.Open(found, settings.get(session)) : new Attachment.Over(found);
    }

    @Override
    public synchronized Ending end(UUID session, @Nullable String project, EndReason reason) {
        breakIfAsked();
        return switch (attach(session, project)) {
            case Attachment.Unknown _ -> new Ending.Unknown();
            case Attachment.Over(var over) -> new Ending.AlreadyEnded(over);
            case Attachment.Open(var open, var _) -> {
                var ended = ended(open, reason);
                sessions.put(session, ended);
                yield new Ending.Ended(ended);
            }
        };
    }

    private static boolean contains(String metadata, String wanted) {
        try {
            var json = new ObjectMapper();
            return contains(json.readTree(metadata), json.readTree(wanted));
        } catch (JsonProcessingException notJson) {
            throw new IllegalArgumentException(notJson);
        }
    }

    private static boolean contains(JsonNode there, JsonNode wanted) {
        return wanted.isObject()
                ? wanted.properties().stream().allMatch(field -> contains(there.path(field.getKey()), field.getValue()))
                : there.equals(wanted);
    }

    private static Session ended(Session s, EndReason reason) {
        var now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        return new Session(
                s.id(),
                s.project(),
                s.poolId(),
                s.namespace(),
                s.pool(),
                s.region(),
                s.zone(),
                s.browser(),
                s.podName(),
                s.podUid(),
                s.address(),
                s.epoch(),
                s.terms(),
                s.metadata(),
                s.startedAt(),
                s.expiresAt(),
                now,
                now,
                reason);
    }

    @Override
    public List<OfShard> shards() {
        return List.of(this);
    }

    @Override
    public String name() {
        return "main";
    }

    @Override
    public List<Session> endOverdue(int limit) {
        breakIfAsked();
        return List.of();
    }

    @Override
    public List<Optional<Fence>> admit(List<Hello> hellos) {
        breakIfAsked();
        return hellos.stream().map(this::admit).toList();
    }

    private Optional<Fence> admit(Hello hello) {
        var token = beatTokens.get(hello.browser());
        return token != null && Arrays.equals(sha256(token), hello.tokenHash())
                ? Optional.of(new Fence(hello.browser(), 0, 1, Optional.empty(), -1, 0, 0, false, false))
                : Optional.empty();
    }

    @Override
    public List<Fence> record(List<Report> reports, boolean vouching) {
        breakIfAsked();
        batches.add(List.copyOf(reports));
        return reports.stream()
                .filter(report -> beatTokens.containsKey(report.browser()))
                .map(report -> new Fence(
                        report.browser(),
                        report.sequence(),
                        7,
                        Optional.empty(),
                        -1,
                        0,
                        0,
                        false,
                        vouching && report.isCalm()))
                .toList();
    }

    @Override
    public Pulse pulse(int shard, List<Silence> silent) {
        breakIfAsked();
        silences.addAll(silent);
        return new Pulse(false, understood, Set.copyOf(wanted));
    }

    @Override
    public int flipSilent(Duration silence) {
        breakIfAsked();
        return 0;
    }

    @Override
    public Optional<Project> authenticate(byte[] keyHash) {
        breakIfAsked();
        authentications++;
        return Optional.ofNullable(keys.get(ByteBuffer.wrap(keyHash)));
    }

    @Override
    public Optional<Project> project(String name) {
        return keys.values().stream()
                .filter(project -> project.name().equals(name))
                .findFirst();
    }

    @Override
    public List<String> projects() {
        return keys.values().stream().map(Project::name).distinct().toList();
    }

    @Override
    public List<Pool> pools() {
        breakIfAsked();
        return List.copyOf(pools);
    }

    @Override
    public void putPool(Pool pool) {
        pools.add(pool);
    }

    @Override
    public void removePool(UUID pool) {
        pools.removeIf(known -> known.id().equals(pool));
    }

    @Override
    public void putProject(Project project) {
        throw new UnsupportedOperationException("use key()");
    }

    @Override
    public void replaceKeys(String project, List<Key> replaced) {
        throw new UnsupportedOperationException("use key()");
    }

    private void breakIfAsked() {
        var kind = broken;
        if (kind != null) {
            throw new StoreException(kind, "broken by the test", new IllegalStateException());
        }
    }

    static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
