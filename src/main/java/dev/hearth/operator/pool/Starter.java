package dev.hearth.operator.pool;

import dev.hearth.claim.EndReason;
import dev.hearth.operator.pool.PlanExecutor.Done;
import dev.hearth.operator.pool.Pods.Creation;
import dev.hearth.pool.SlowStart;
import dev.hearth.pool.SupplyStore;
import dev.hearth.pool.SupplyStore.NewBrowser;
import dev.hearth.pool.SupplyStore.Slot;
import java.time.InstantSource;

/**
 * Starts browsers: the slot row first, its pod after. A refused pod gives its row back at once; where the answer was lost
 * the row stays, keeps its place under every limit, and is looked into later.
 */
record Starter(SupplyStore store, InstantSource clock) {

    /** Where browsers are started, and by which right. */
    record Place(Slot slot, Pods pods, long epoch) {}

    Done start(int count, Place place, Done before) {
        var done = before;
        for (var batch : SlowStart.batches(count)) {
            var browsers = store.reserve(place.slot(), batch, place.epoch());
            if (browsers.isEmpty()) {
                // Another operator leads.
                return done;
            }
            var creations = place.pods().create(browsers);
            var refused = false;
            for (var i = 0; i < browsers.size(); i++) {
                refused |= !(creations.get(i) instanceof Creation.Created);
                done = settle(browsers.get(i), creations.get(i), place.epoch(), done);
            }
            if (refused) {
                return done;
            }
        }
        return done;
    }

    private Done settle(NewBrowser browser, Creation creation, long epoch, Done done) {
        return switch (creation) {
            case Creation.Created() -> new Done(done.backoff().accepted(), true);
            case Creation.Denied(var trouble) -> {
                store.gone(browser.id(), EndReason.POD_LOST, epoch);
                yield new Done(done.backoff().failed(trouble, clock.instant()), true);
            }
            case Creation.Unknown(var trouble) -> new Done(done.backoff().failed(trouble, clock.instant()), true);
        };
    }
}
