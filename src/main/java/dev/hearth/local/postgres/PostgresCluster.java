package dev.hearth.local.postgres;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * A data folder and what stands beside it: {@code data/}, {@code password} (0600), {@code postgres.log}, {@code lock}.
 * Held by one process at a time; made whole or not at all.
 */
final class PostgresCluster implements AutoCloseable {
    static final String USER = "hearth";
    static final String DATABASE = "hearth";

    private final Path dir;
    private final PostgresBinaries binaries;
    private final FileChannel lock;

    private PostgresCluster(Path dir, PostgresBinaries binaries, FileChannel lock) {
        this.dir = dir;
        this.binaries = binaries;
        this.lock = lock;
    }

    static PostgresCluster open(Path dir, PostgresBinaries binaries) {
        try {
            var absolute = Files.createDirectories(dir).toRealPath();
            var cluster = new PostgresCluster(absolute, binaries, locked(absolute));
            try {
                cluster.initialise();
            } catch (IOException | RuntimeException e) {
                cluster.close();
                throw e;
            }
            return cluster;
        } catch (IOException e) {
            throw new PostgresException("cannot use %s for PostgreSQL: %s".formatted(dir, e.getMessage()), e);
        }
    }

    Path data() {
        return dir.resolve("data");
    }

    Path log() {
        return dir.resolve("postgres.log");
    }

    String password() {
        try {
            return Files.readString(passwordFile()).strip();
        } catch (IOException e) {
            throw new PostgresException("cannot read the password of PostgreSQL: " + e.getMessage(), e);
        }
    }

    /** The command that runs one of PostgreSQL's programs: as root they refuse, so root enters a user namespace first. */
    List<String> command(String program, String... arguments) {
        var command = new ArrayList<String>();
        if (isRoot()) {
            // The namespace change may clear the parent-death signal, so it is set again inside.
            command.addAll(List.of("unshare", "-U", "setpriv", "--pdeathsig", "INT", "--"));
        }
        command.add(binaries.program(program).toString());
        command.addAll(List.of(arguments));
        return command;
    }

    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException e) {
            throw new PostgresException("cannot give up the lock in " + dir + ": " + e.getMessage(), e);
        }
    }

    private static FileChannel locked(Path dir) throws IOException {
        var channel = FileChannel.open(dir.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() != null) {
                return channel;
            }
        } catch (OverlappingFileLockException heldByThisJvm) {
            channel.close();
            throw new PostgresException("the PostgreSQL in " + dir + " is already running in this process");
        }
        channel.close();
        throw new PostgresException("the PostgreSQL in %s is in use by another process: stop it first".formatted(dir));
    }

    /** A folder without {@code data} is new; a first run that was cut short left only {@code data.new}, which is thrown away. */
    private void initialise() throws IOException {
        if (Files.isDirectory(data())) {
            return;
        }
        var fresh = dir.resolve("data.new");
        PostgresBinaries.delete(fresh);
        writePassword();
        var initdb = command(
                "initdb",
                "-D",
                fresh.toString(),
                "-U",
                USER,
                "-A",
                "scram-sha-256",
                "--pwfile=" + passwordFile(),
                "-E",
                "UTF8",
                "--locale=C",
                "--no-instructions");
        run("initdb", initdb, "");
        run(
                "postgres --single",
                command("postgres", "--single", "-D", fresh.toString(), "postgres"),
                "CREATE DATABASE " + DATABASE + "\n");
        Files.move(fresh, data(), StandardCopyOption.ATOMIC_MOVE);
    }

    private void writePassword() throws IOException {
        var secret = new byte[24];
        new SecureRandom().nextBytes(secret);
        Files.deleteIfExists(passwordFile());
        Files.createFile(
                passwordFile(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(passwordFile(), HexFormat.of().formatHex(secret) + "\n");
    }

    private Path passwordFile() {
        return dir.resolve("password");
    }

    private void run(String what, List<String> command, String input) throws IOException {
        try {
            var process = new ProcessBuilder(command).redirectErrorStream(true).start();
            try (var stdin = process.getOutputStream()) {
                stdin.write(input.getBytes(StandardCharsets.UTF_8));
            }
            var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0 || output.contains("ERROR:")) {
                throw new PostgresException(
                        "cannot set PostgreSQL up in %s: %s: %s".formatted(dir, what, PostgresLog.complaint(output)));
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new PostgresException("interrupted while setting PostgreSQL up in " + dir);
        }
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }
}
