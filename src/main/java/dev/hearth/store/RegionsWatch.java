package dev.hearth.store;

import dev.hearth.claim.StoreException;
import java.time.Duration;

/** Reads the map of the regions each second, so that a region that moves is missed for no longer. */
final class RegionsWatch implements AutoCloseable {
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

    private final Thread thread;

    RegionsWatch(Regions regions) {
        this.thread = Thread.ofVirtual().name("regions").start(() -> watch(regions));
    }

    private static void watch(Regions regions) {
        try {
            while (true) {
                try {
                    regions.refresh();
                } catch (StoreException away) {
                    // What is known holds: while the control database is away no region can arrive anywhere.
                    Thread.yield();
                }
                Thread.sleep(BETWEEN_LOOKS);
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
