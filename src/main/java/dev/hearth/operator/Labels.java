package dev.hearth.operator;

import dev.hearth.pool.BrowserState;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Labels and annotations, each name in one place. */
public final class Labels {
    public static final String POOL = "hearth.dev/pool";
    public static final String POOL_UID = "hearth.dev/pool-uid";
    public static final String BROWSER = "hearth.dev/browser";
    public static final String STATE = "hearth.dev/state";
    public static final String REGION = "hearth.dev/region";
    public static final String REVISION = "hearth.dev/revision";
    public static final String MANAGED_BY = "app.kubernetes.io/managed-by";
    public static final String HEARTH = "hearth";
    public static final String API_KEY = "hearth.dev/api-key";
    public static final String EXPIRES = "hearth.dev/expires";

    /** Every browser pod and nothing else. */
    public static final String BROWSER_PODS = MANAGED_BY + "=" + HEARTH + "," + BROWSER;

    /** On BrowserSession objects that only follow a session: nothing is claimed for them. Its value is the session's id. */
    public static final String RECORD = "hearth.dev/record";

    private Labels() {}

    /** The word of a state as a label's value. */
    public static String state(BrowserState state) {
        return state.name().toLowerCase(Locale.ROOT);
    }

    /** Cluster autoscalers may take every browser but a claimed one. */
    public static Map<String, String> evictionAnnotations(BrowserState state) {
        var claimed = state == BrowserState.CLAIMED;
        return new TreeMap<>(Map.of(
                "cluster-autoscaler.kubernetes.io/safe-to-evict", Boolean.toString(!claimed),
                "karpenter.sh/do-not-disrupt", Boolean.toString(claimed)));
    }
}
