package dev.hearth.local.node;

/** Where the value of one declared environment variable comes from. */
sealed interface EnvSource {
    record Literal(String text) implements EnvSource {}

    /** @param path one of {@link PodFields}' paths; checked while planning */
    record Field(String path) implements EnvSource {}

    record SecretKey(String secret, String key, boolean optional) implements EnvSource {}

    record ConfigKey(String configMap, String key, boolean optional) implements EnvSource {}
}
