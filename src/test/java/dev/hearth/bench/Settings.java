package dev.hearth.bench;

import java.util.Optional;

/** What the environment says of a benchmark. */
final class Settings {
    private Settings() {}

    static int number(String variable, int standard) {
        return Optional.ofNullable(System.getenv(variable))
                .map(Integer::parseInt)
                .orElse(standard);
    }
}
