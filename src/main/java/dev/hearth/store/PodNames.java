package dev.hearth.store;

import java.util.random.RandomGenerator;

/** Names of browser pods: {@code <pool>-<5 characters>}, chosen when the slot is reserved and kept for its life. */
final class PodNames {
    /** No vowels and nothing that looks like another character: no words, no misreading. */
    private static final String ALPHABET = "bcdfghjkmnpqrstvwxz23456789";

    private static final int SUFFIX = 5;

    /** A pod's name becomes its host name, and DNS labels end at 63. */
    private static final int LONGEST = 63;

    private PodNames() {}

    static String next(String pool, RandomGenerator random) {
        var stem = pool.substring(0, Math.min(pool.length(), LONGEST - SUFFIX - 1));
        var name = new StringBuilder(stem.replaceFirst("[-.]+$", "")).append('-');
        for (var i = 0; i < SUFFIX; i++) {
            name.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return name.toString();
    }
}
