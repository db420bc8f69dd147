package dev.hearth.store.bus;

import dev.hearth.claim.ClaimOutcome;
import dev.hearth.claim.ClaimRequest;
import dev.hearth.claim.ClaimStore;
import java.time.Duration;
import java.util.List;

/** Claims that arrive together share a transaction. Who brings a group of his own has done the same already. */
public final class ClaimBus implements ClaimStore, AutoCloseable {
    private final ClaimStore store;
    private final Bus<ClaimRequest, ClaimOutcome> bus;

    /** @param patience how long a claim waits for a lane before it is refused */
    public ClaimBus(ClaimStore store, BusSettings settings, Duration patience) {
        this.store = store;
        this.bus = new Bus<>(settings, settings.claimPace(), patience, store::claim);
    }

    @Override
    public List<ClaimOutcome> claim(List<ClaimRequest> group) {
        if (group.size() != 1) {
            return store.claim(group);
        }
        var outcome = bus.ask(group.getFirst());
        if (outcome instanceof ClaimOutcome.Failed(var cause)) {
            // To whoever asked alone it is an exception, whoever rode with him.
            throw cause;
        }
        return List.of(outcome);
    }

    /** Claims for which no lane came by yet. */
    public int waiting() {
        return bus.waiting();
    }

    @Override
    public void close() {
        bus.close();
    }
}
