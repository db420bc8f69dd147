package dev.hearth.local.node;

import java.util.Map;
import java.util.OptionalLong;

/** A volume that LocalNode can make. */
sealed interface VolumePlan {
    String name();

    record EmptyDirectory(String name, boolean memory, OptionalLong sizeLimit) implements VolumePlan {}

    /** @param items file by key; empty: every key becomes a file of its own name */
    record SecretFiles(String name, String secret, Map<String, String> items, boolean optional) implements VolumePlan {}

    record ConfigFiles(String name, String configMap, Map<String, String> items, boolean optional)
            implements VolumePlan {}
}
