package dev.hearth.local.node;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

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
     * @param keepers scripts that a container's {@code command} may have a shell run, which start one of the programs
     */
    public record Image(String pattern, String entrypoint, Map<String, Program> programs, List<Keeper> keepers) {
        public Image(String pattern, String entrypoint, Map<String, Program> programs) {
            this(pattern, entrypoint, programs, List.of());
        }

        public Image {
            keepers = List.copyOf(keepers);
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
     * A container's command that begins with a shell and this script.
     *
     * @param words of the command before the program that the script starts
     */
    public record Keeper(String script, int words) {
        private boolean begins(List<String> command) {
            return command.size() > words
                    && baseName(command.get(0)).equals("sh")
                    && command.get(1).equals("-c")
                    && command.get(2).equals(script);
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
        /** @param keeper words of the command that come before the program, and start it */
        record Found(Program program, List<String> keeper) implements Resolution {
            public Found(Program program) {
                this(program, List.of());
            }

            public Found {
                keeper = List.copyOf(keeper);
            }
        }

        record NoImage(String message) implements Resolution {}

        record NoProgram(String message) implements Resolution {}
    }

    /** @param command the container's; empty where it has none */
    Resolution resolve(String reference, List<String> command) {
        for (var image : images) {
            if (image.matches(reference)) {
                var keeper = image.keepers().stream()
                        .filter(one -> one.begins(command))
                        .mapToInt(Keeper::words)
                        .findFirst()
                        .orElse(0);
                var name = command.isEmpty() ? image.entrypoint() : baseName(command.get(keeper));
                var program = image.programs().get(name);
                return program != null
                        ? new Resolution.Found(program, command.subList(0, keeper))
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
