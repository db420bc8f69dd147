package dev.hearth.local.postgres;

import dev.hearth.local.ChildProcesses;
import dev.hearth.local.FreePorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A running PostgreSQL 18 with durable settings. Its data outlive it; it does not outlive this JVM, which the kernel sees
 * to: on a kill -9 of the JVM it shuts down by itself, and the next start recovers.
 */
public final class EmbeddedPostgres implements AutoCloseable {
    /** Longer than any recovery seen (100 MB of WAL: 2 s); shorter than a person's patience. */
    private static final Duration START = Duration.ofSeconds(60);

    /** How long a predecessor whose JVM was killed may take to shut down before the folder counts as taken. */
    private static final Duration PREDECESSOR = Duration.ofSeconds(15);

    private static final Duration STOP = Duration.ofSeconds(10);

    private final PostgresCluster cluster;
    private final Process process;
    private final int port;

    private EmbeddedPostgres(PostgresCluster cluster, Process process, int port) {
        this.cluster = cluster;
        this.process = process;
        this.port = port;
    }

    /** Starts on a free port. Everything is kept under {@code dir}, which is made where it is missing. */
    public static EmbeddedPostgres start(Path dir) {
        return start(dir, 0);
    }

    /** @param port to listen on, on 127.0.0.1; 0 takes a free one */
    public static EmbeddedPostgres start(Path dir, int port) {
        return start(dir, port, List.of());
    }

    /** @param more settings, each {@code name=value}: they win over those of this class */
    public static EmbeddedPostgres start(Path dir, int port, List<String> more) {
        var cache = PostgresBinaries.cacheOf(System.getenv(), System.getProperty("user.home"));
        var cluster = PostgresCluster.open(dir, PostgresBinaries.unpacked(cache));
        try {
            return launched(cluster, port, more);
        } catch (RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    public String jdbcUrl() {
        return jdbcUrl(PostgresCluster.DATABASE);
    }

    public String jdbcUrl(String database) {
        return "jdbc:postgresql://127.0.0.1:%d/%s".formatted(port, database);
    }

    public String user() {
        return PostgresCluster.USER;
    }

    public String password() {
        return cluster.password();
    }

    public int port() {
        return port;
    }

    public long pid() {
        return process.pid();
    }

    /** Fast shutdown: open transactions are rolled back, everything committed is on disk. */
    @Override
    public void close() {
        ChildProcesses.stop(process, "INT", STOP);
        cluster.close();
    }

    private static EmbeddedPostgres launched(PostgresCluster cluster, int wishedPort, List<String> more) {
        var deadline = System.nanoTime() + PREDECESSOR.toNanos();
        while (true) {
            var port = wishedPort == 0 ? FreePorts.loopback(1).getFirst() : wishedPort;
            var logged = size(cluster.log());
            var process = ChildProcesses.start(spec(cluster, port, more));
            if (awaitReady(cluster, process)) {
                return new EmbeddedPostgres(cluster, process, port);
            }
            var complaint = PostgresLog.complaint(tail(cluster.log(), logged));
            if (!isPassing(complaint, wishedPort) || System.nanoTime() > deadline) {
                throw new PostgresException(
                        "PostgreSQL does not start: %s (log: %s)".formatted(complaint, cluster.log()));
            }
            pause();
        }
    }

    /** A predecessor still shutting down, or a port that somebody took between our look and our bind, goes away by itself. */
    private static boolean isPassing(String complaint, int wishedPort) {
        return complaint.contains("postmaster.pid")
                || complaint.contains("shared memory block")
                || (wishedPort == 0 && complaint.contains("could not create any TCP/IP sockets"));
    }

    private static ChildProcesses.Spec spec(PostgresCluster cluster, int port, List<String> more) {
        var settings = List.of(
                "listen_addresses=127.0.0.1",
                "port=" + port,
                // No socket file: its path would have to stay below 108 bytes, and nothing of ours uses one.
                "unix_socket_directories=",
                "max_connections=100",
                "shared_buffers=128MB",
                "max_wal_size=1GB",
                "shared_preload_libraries=pg_stat_statements",
                "track_io_timing=on",
                // A held snapshot costs half of all claims within 30 s: nothing of Hearth's holds one for long.
                "transaction_timeout=60s",
                "idle_in_transaction_session_timeout=10s",
                "log_checkpoints=off",
                "timezone=UTC",
                "log_timezone=UTC");
        var arguments =
                new java.util.ArrayList<String>(List.of("-D", cluster.data().toString()));
        Stream.concat(settings.stream(), more.stream()).forEach(setting -> arguments.addAll(List.of("-c", setting)));
        var command = cluster.command("postgres", arguments.toArray(String[]::new));
        return new ChildProcesses.Spec(command, Map.of("LC_ALL", "C"), false, null, cluster.log(), "INT");
    }

    /** True when it answers, false when it has ended. Reads what PostgreSQL itself writes for this purpose. */
    private static boolean awaitReady(PostgresCluster cluster, Process process) {
        var deadline = System.nanoTime() + START.toNanos();
        while (process.isAlive()) {
            if (isReady(cluster, process)) {
                return true;
            }
            if (System.nanoTime() > deadline) {
                ChildProcesses.stop(process, "INT", STOP);
                throw new PostgresException(
                        "PostgreSQL is not ready after %d s (log: %s)".formatted(START.toSeconds(), cluster.log()));
            }
            pause();
        }
        return false;
    }

    private static boolean isReady(PostgresCluster cluster, Process process) {
        try {
            var lines = Files.readAllLines(cluster.data().resolve("postmaster.pid"));
            return lines.size() >= 8
                    && lines.get(0).strip().equals(Long.toString(process.pid()))
                    // A copy of another server answers readings only, until it is promoted.
                    && List.of("ready", "standby").contains(lines.get(7).strip());
        } catch (IOException notYetThere) {
            return false;
        }
    }

    private static long size(Path file) {
        try {
            return Files.exists(file) ? Files.size(file) : 0;
        } catch (IOException e) {
            return 0;
        }
    }

    private static String tail(Path file, long from) {
        try {
            var all = Files.readString(file);
            return all.substring((int) Math.min(from, all.length()));
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(20);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new PostgresException("interrupted while starting PostgreSQL");
        }
    }
}
