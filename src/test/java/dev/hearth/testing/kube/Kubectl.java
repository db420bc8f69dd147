package dev.hearth.testing.kube;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A user at a terminal: the real kubectl. */
public record Kubectl(Path program, Path kubeconfig) {
    /** What kubectl said, errors included. */
    public record Answer(int exitCode, String text) {}

    public Answer run(String... arguments) {
        var command = new ArrayList<>(List.of(program.toString(), "--kubeconfig", kubeconfig.toString()));
        command.addAll(List.of(arguments));
        try {
            var process = new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Answer(process.waitFor(), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** As {@link #run}, where anything but success is the test's failure. */
    public String ok(String... arguments) {
        var answer = run(arguments);
        if (answer.exitCode() != 0) {
            throw new AssertionError("kubectl " + String.join(" ", arguments) + ": " + answer.text());
        }
        return answer.text();
    }
}
