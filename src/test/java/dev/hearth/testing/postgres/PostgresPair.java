package dev.hearth.testing.postgres;

import dev.hearth.local.FreePorts;
import dev.hearth.local.postgres.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.awaitility.Awaitility;

/**
 * A primary and a standby that streams from it. A clean copy of the primary's files begins the standby, as there is no
 * {@code pg_basebackup} among the binaries.
 */
public final class PostgresPair implements AutoCloseable {
    private final EmbeddedPostgres primary;
    private final EmbeddedPostgres standby;

    private PostgresPair(EmbeddedPostgres primary, EmbeddedPostgres standby) {
        this.primary = primary;
        this.standby = standby;
    }

    /** @param synchronous a commit is acknowledged once the standby has it on disk */
    public static PostgresPair start(Path dir, boolean synchronous) throws IOException {
        var one = dir.resolve("one");
        var two = dir.resolve("two");
        String password;
        try (var made = EmbeddedPostgres.start(one)) {
            password = made.password();
        }
        copy(one, two);
        Files.createFile(two.resolve("data/standby.signal"));
        // Drawn last: others may take them meanwhile.
        var ports = FreePorts.loopback(2);
        var primary = EmbeddedPostgres.start(
                one, ports.getFirst(), List.of("synchronous_standby_names=" + (synchronous ? "*" : "")));
        var standby = EmbeddedPostgres.start(
                two,
                ports.getLast(),
                List.of("primary_conninfo=host=127.0.0.1 port=%d user=%s password=%s"
                        .formatted(ports.getFirst(), primary.user(), password)));
        var pair = new PostgresPair(primary, standby);
        Awaitility.await("the standby to stream").until(() -> !pair.senders().isEmpty());
        return pair;
    }

    /** Both hosts: whichever is the primary is connected to. */
    public DatabaseAddress address() {
        return new DatabaseAddress(
                "jdbc:postgresql://127.0.0.1:%d,127.0.0.1:%d/hearth?targetServerType=primary"
                        .formatted(primary.port(), standby.port()),
                primary.user(),
                primary.password());
    }

    /** The primary's processes that send to the standby. */
    public List<String> senders() {
        return DatabaseAddress.of(primary).strings("SELECT pid FROM pg_stat_replication WHERE state = 'streaming'");
    }

    /** As a lost machine, as far as its clients can tell. */
    public void killPrimary() {
        ProcessHandle.of(primary.pid()).ifPresent(ProcessHandle::destroyForcibly);
    }

    /** Returns when it takes writes. */
    public void promote() {
        DatabaseAddress.of(standby).execute("SELECT pg_promote(true, 30)");
    }

    private static void copy(Path from, Path to) throws IOException {
        try (var files = Files.walk(from)) {
            for (var file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file)), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    @Override
    public void close() {
        standby.close();
        primary.close();
    }
}
