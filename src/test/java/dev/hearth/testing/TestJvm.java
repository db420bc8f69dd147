package dev.hearth.testing;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * How tests start a JVM. Maven's tests say in {@code test.jvm} how to start one soon; a bench says nothing, and has
 * the JVM that users have.
 */
public final class TestJvm {
    /** Of those that go on at the same time: what a fork keeps in {@code target} is its own. */
    public static final String FORK = Objects.requireNonNullElse(System.getProperty("test.fork"), "fork-1");

    private static final String USUAL = "-XX:+UseSerialGC";

    private TestJvm() {}

    public static List<String> command(String... words) {
        var flags = System.getProperty("test.jvm", USUAL).split(" ", -1);
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return Stream.of(Stream.of(java), Stream.of(flags), Stream.of(words))
                .flatMap(some -> some)
                .toList();
    }
}
