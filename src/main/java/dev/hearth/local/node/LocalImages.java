package dev.hearth.local.node;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which programs of this machine stand in for which image. A container never runs anything that is not named here: an
 * unknown image is a failed pull, an unknown program an unsupported pod. The first matching image wins.
 */
public record LocalImages(List<Image> images) {
    public LocalImages {
        images = List.copyOf(images);
    }

    /**
     * @param pattern an image reference, {@code *} standing for any run of characters
     * @param entrypoint the program of a container without a {@code command}
     * @param programs by the base name that a container's {@code command} may select
     */
    public record Image(String pattern, String entrypoint, Map<String, Program> programs) {
        public Image {
            programs = Map.copyOf(programs);
            if (!programs.containsKey(entrypoint)) {
                throw new IllegalArgumentException(
                        "entrypoint " + entrypoint + " of image " + pattern + " is none of " + programs.keySet());
            }
        }

        boolean matches(String reference) {
            var regex = Pattern.compile("\\*")
                    .splitAsStream(pattern + " ")
                    .map(Pattern::quote)
                    .collect(Collectors.joining(".*"));
            return Pattern.matches(regex, reference + " ");
        }
    }

    /**
     * @param argv the executable and what always comes first, JVM flags included
     * @param asRoot added where this JVM runs as root
     * @param withoutSharedMemory added where the container mounts no memory volume at {@code /dev/shm}
     */
    public record Program(List<String> argv, List<String> asRoot, List<String> withoutSharedMemory) {
        public Program {
            argv = List.copyOf(argv);
            asRoot = List.copyOf(asRoot);
            withoutSharedMemory = List.copyOf(withoutSharedMemory);
            if (argv.isEmpty()) {
                throw new IllegalArgumentException("a program needs at least an executable");
            }
        }

        public static Program of(List<String> argv) {
            return new Program(argv, List.of(), List.of());
        }

        /** Chromium refuses its sandbox to root, and only to root: an ordinary user keeps it. */
        public static Program chromium(Path executable) {
            return new Program(
                    List.of(executable.toString()), List.of("--no-sandbox"), List.of("--disable-dev-shm-usage"));
        }

        public static Program java(Path java, List<String> jvmFlags, String classPath, String mainClass) {
            var argv = new ArrayList<>(List.of(java.toString()));
            argv.addAll(jvmFlags);
            argv.addAll(List.of("-cp", classPath, mainClass));
            return of(argv);
        }
    }

    sealed interface Resolution {
        record Found(Program program) implements Resolution {}

        record NoImage(String message) implements Resolution {}

        record NoProgram(String message) implements Resolution {}
    }

    /** @param command first word of the container's {@code command}, null where it has none */
    Resolution resolve(String reference, @Nullable String command) {
        for (var image : images) {
            if (image.matches(reference)) {
                var name = command == null ? image.entrypoint() : baseName(command);
                var program = image.programs().get(name);
                return program != null
                        ? new Resolution.Found(program)
                        : new Resolution.NoProgram(
                                "program \"%s\" is not mapped for image \"%s\" on this machine; allowed: %s"
                                        .formatted(name, reference, new TreeMap<>(image.programs()).keySet()));
            }
        }
        return new Resolution.NoImage("no program of this machine stands in for image \"%s\"; allowed images: %s"
                .formatted(reference, images.stream().map(Image::pattern).toList()));
    }

    private static String baseName(String command) {
        return command.substring(command.lastIndexOf('/') + 1);
    }
}
