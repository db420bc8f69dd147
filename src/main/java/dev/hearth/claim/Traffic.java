package dev.hearth.claim;

import dev.hearth.claim.Directory.Pool;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;

/**
 * Decides in which order the pools of one region are asked where they share its traffic by weight: weighted rendezvous
 * hashing, so that a key stays with its pool while weights stay, and moves only as far as they move. Pure.
 */
final class Traffic {
    private Traffic() {}

    /**
     * @param usual how they are ordered where none of them has a weight
     * @param project whose claim it is, the key of what shares by project
     * @param claim what tells this claim from others of the project; the same for its repetition
     */
    static List<Pool> order(List<Pool> pools, Comparator<Pool> usual, String project, String claim) {
        if (pools.size() < 2 || pools.stream().allMatch(pool -> pool.share() == null)) {
            return pools.stream().sorted(usual).toList();
        }
        var byClaim = pools.stream().anyMatch(pool -> pool.part().byClaim());
        var key = byClaim ? project + '\n' + claim : project;
        return pools.stream()
                .sorted(Comparator.comparingDouble((Pool pool) -> -score(pool, key))
                        .thenComparing(usual))
                .toList();
    }

    /** Of all keys a pool has the best score for as large a part as its weight is of all weights. */
    private static double score(Pool pool, String key) {
        var weight = pool.part().weight();
        return weight == 0 ? 0 : -weight / Math.log(unit(pool.namespace() + '/' + pool.name() + '\n' + key));
    }

    /** In (0, 1), evenly. */
    private static double unit(String text) {
        return ((hash(text) >>> 11) + 0.5) * 0x1p-53;
    }

    /** FNV-1a, and the finalizer of SplitMix64 after it: FNV alone leaves the high bits of short texts alike. */
    private static long hash(String text) {
        var hash = 0xCBF2_9CE4_8422_2325L;
        for (var each : text.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (each & 0xFF)) * 0x0000_0100_0000_01B3L;
        }
        hash = (hash ^ hash >>> 30) * 0xBF58_476D_1CE4_E5B9L;
        hash = (hash ^ hash >>> 27) * 0x94D0_49BB_1331_11EBL;
        return hash ^ hash >>> 31;
    }
}
