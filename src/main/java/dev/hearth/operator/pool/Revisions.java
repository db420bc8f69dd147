package dev.hearth.operator.pool;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.api.model.PodSpec;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;

/** Names a shape of browsers: the same pod, the same revision, whichever operator asks. */
final class Revisions {
    private static final ObjectMapper CANONICAL = JsonMapper.builder()
            .configure(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS, true)
            .build();

    /** 40 bits: two shapes of one pool never meet, and the label stays readable. */
    private static final int LENGTH = 10;

    private Revisions() {}

    static String of(PodSpec blueprint) {
        try {
            // Through a map, so that the order of a newer client's fields does not change the name.
            var json = CANONICAL.writeValueAsBytes(CANONICAL.convertValue(blueprint, Map.class));
            var hash = MessageDigest.getInstance("SHA-256").digest(json);
            return HexFormat.of().formatHex(hash).substring(0, LENGTH);
        } catch (JsonProcessingException | NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("a pod cannot be written as JSON", impossible);
        }
    }
}
