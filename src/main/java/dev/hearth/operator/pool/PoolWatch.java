package dev.hearth.operator.pool;

import dev.hearth.pool.SupplyStore;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the database which pools changed, and wakes them: claims and endings happen in gateways. One thread runs it. */
final class PoolWatch implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(PoolWatch.class);

    private final SupplyStore store;
    private final PoolPokes pokes;
    private Map<UUID, String> before = Map.of();
    private boolean away;

    PoolWatch(SupplyStore store, PoolPokes pokes) {
        this.store = store;
        this.pokes = pokes;
    }

    @Override
    public void run() {
        try {
            var now = store.marks();
            var changed = new HashMap<>(now);
            changed.entrySet().removeIf(mark -> mark.getValue().equals(before.get(mark.getKey())));
            changed.keySet().forEach(pokes::poke);
            // A pool whose last row went has no mark any more; that too is a change.
            before.keySet().stream().filter(pool -> !now.containsKey(pool)).forEach(pokes::poke);
            before = now;
            away = false;
        } catch (RuntimeException broken) {
            if (!away) {
                LOG.atWarn().addKeyValue("reason", broken.getMessage()).log("cannot ask which pools changed");
            }
            away = true;
        }
    }
}
