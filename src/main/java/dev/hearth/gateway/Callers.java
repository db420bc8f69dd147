package dev.hearth.gateway;

import dev.hearth.claim.Directory;
import dev.hearth.claim.Directory.Project;
import dev.hearth.claim.Sha256;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Who a key belongs to. A revoked key works for {@link #KNOWN} more at most; the store is asked on the calling thread. */
public final class Callers {
    /** Longer: a revoked key works on for as long. Shorter: the directory is asked on more claims than it must. */
    private static final Duration KNOWN = Duration.ofSeconds(5);
    /** Longer: a new key looks wrong for as long. Shorter: whoever guesses keys keeps the database busy. */
    private static final Duration UNKNOWN = Duration.ofSeconds(1);
    /** Bounds what guessers can make us remember; past it we forget everybody and start again. */
    private static final int MOST = 10_000;

    private final Directory directory;
    private final InstantSource clock;
    private final ConcurrentHashMap<ByteBuffer, Remembered> remembered = new ConcurrentHashMap<>();

    public Callers(Directory directory, InstantSource clock) {
        this.directory = directory;
        this.clock = clock;
    }

    public Optional<Project> project(Credentials.Presented.Key key) {
        var hash = Sha256.of(key.value());
        var now = clock.instant();
        var known = remembered.get(ByteBuffer.wrap(hash));
        if (known != null && now.isBefore(known.until())) {
            return known.project();
        }
        var project = directory.authenticate(hash);
        if (remembered.size() >= MOST) {
            remembered.clear();
        }
        remembered.put(ByteBuffer.wrap(hash), new Remembered(project, now.plus(project.isPresent() ? KNOWN : UNKNOWN)));
        return project;
    }

    private record Remembered(Optional<Project> project, Instant until) {}
}
