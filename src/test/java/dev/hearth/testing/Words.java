package dev.hearth.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A command as a user types it. Both of its outputs go to files, so that none of them can block it. */
public record Words(Map<String, String> environment, Duration patience) {
    public record Said(int exitCode, String output, String errors) {}

    /** Its output, after asserting that it succeeded. */
    public String ok(List<String> command) {
        var said = run(command);
        if (said.exitCode() != 0) {
            throw new AssertionError(String.join(" ", command) + ": " + said.output() + said.errors());
        }
        return said.output();
    }

    public Said run(List<String> command) {
        try {
            var output = Files.createTempFile("hearth-cluster", ".out");
            var errors = Files.createTempFile("hearth-cluster", ".err");
            var builder =
                    new ProcessBuilder(command).redirectOutput(output.toFile()).redirectError(errors.toFile());
            builder.environment().putAll(environment);
            var process = builder.start();
            process.getOutputStream().close();
            if (!process.waitFor(patience.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(
                        String.join(" ", command) + " did not end in " + patience + ": " + Files.readString(errors));
            }
            var said = new Said(
                    process.exitValue(),
                    Files.readString(output, StandardCharsets.UTF_8),
                    Files.readString(errors, StandardCharsets.UTF_8));
            Files.delete(output);
            Files.delete(errors);
            return said;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
