package dev.hearth.operator.pool;

import dev.hearth.pool.Browser;
import dev.hearth.pool.BrowserState;
import dev.hearth.pool.SupplyStore.NewBrowser;
import dev.hearth.pool.Trouble;
import java.util.List;

/** One pool's pods at the API server itself, past every cache. */
public interface Pods {
    /** One answer per browser, in their order; they are created side by side. */
    List<Creation> create(List<NewBrowser> browsers);

    /** Whether the API server says that no pod of this browser exists. */
    boolean isGone(Browser browser);

    /** Does nothing where the name now belongs to another pod. */
    void delete(Browser browser, String podUid);

    /** Brings the state label, and what autoscalers may do, after the row. */
    void label(Browser browser, String podUid, BrowserState state);

    /** What became of a create. */
    sealed interface Creation {
        record Created() implements Creation {}

        /** Refused: there is no pod and there will be none. */
        record Denied(Trouble trouble) implements Creation {}

        /** The answer was lost: the pod may exist, or may still come. */
        record Unknown(Trouble trouble) implements Creation {}
    }
}
