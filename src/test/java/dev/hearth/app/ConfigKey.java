package dev.hearth.app;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A key that a process can be configured with, as its interface says it.
 *
 * @param name a map's keys are written {@code <name>}
 * @param standard the default, {@code none}, or {@code required}
 */
record ConfigKey(String name, String standard) {
    private static final Path SOURCES = Path.of("src/main/java");

    /** The keys of every mapping in the sources, so that a new mapping cannot be forgotten here. */
    static List<ConfigKey> all() {
        return mappings().stream()
                .flatMap(mapping ->
                        of(mapping, mapping.getAnnotation(ConfigMapping.class).prefix()))
                .toList();
    }

    private static List<Class<?>> mappings() {
        try (var files = Files.walk(SOURCES)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> Pages.text(file).contains("\n@ConfigMapping("))
                    .<Class<?>>map(ConfigKey::load)
                    .toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static Class<?> load(Path source) {
        var name = SOURCES.relativize(source).toString().replace(".java", "").replace('/', '.');
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    static Stream<ConfigKey> of(Class<?> mapping, String prefix) {
        return Arrays.stream(mapping.getMethods())
                .filter(method -> Modifier.isAbstract(method.getModifiers()))
                .flatMap(method -> of(method, prefix + "." + kebab(method.getName())));
    }

    private static Stream<ConfigKey> of(Method method, String key) {
        var type = method.getReturnType();
        if (isGroup(type)) {
            return of(type, key);
        }
        if (type == Map.class) {
            var value = ((ParameterizedType) method.getGenericReturnType()).getActualTypeArguments()[1];
            return value instanceof Class<?> group && isGroup(group)
                    ? of(group, key + ".<name>")
                    : Stream.of(new ConfigKey(key + ".<name>", "none"));
        }
        var standard = method.getAnnotation(WithDefault.class);
        return Stream.of(new ConfigKey(key, standard == null ? withoutDefault(type) : standard.value()));
    }

    private static String withoutDefault(Type type) {
        return type == Optional.class ? "none" : "required";
    }

    private static boolean isGroup(Class<?> type) {
        return type.isInterface() && type.getName().startsWith("dev.hearth.");
    }

    private static String kebab(String name) {
        return name.replaceAll("([a-z0-9])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
    }

    /** How the key is spelled as an environment variable. */
    String variable() {
        return name.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
    }
}
