package dev.hearth.ingest;

import dev.hearth.claim.HeartbeatStore.Fence;
import dev.hearth.claim.HeartbeatStore.Pulse;
import dev.hearth.claim.HeartbeatStore.Report;
import dev.hearth.claim.HeartbeatStore.Silence;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiConsumer;

/**
 * Decides whose beats need not be written, for the store relies on this gateway for them, and for whom that is over. The store
 * counts them as heard while this gateway pulses: whoever leaves its care must be told to the store, and stays on the list
 * until it was. Pure: time comes in. Not safe for several threads.
 */
final class Vouched {
    /**
     * An agent beats every 5 s at the latest. Longer: less is left of the 15 s after which a silent browser must be
     * unclaimable. Shorter: a beat that is late costs two writes.
     */
    static final long SILENT_MILLIS = 7_000;
    /**
     * So often a beat is written all the same. Less often: what only the store knows, that a browser retires, reaches its agent
     * late, and the store takes the browser for forgotten after 150 s. More often: more writes.
     */
    static final long WRITTEN_MILLIS = 45_000;
    /** What came in together is not written together. */
    static final int SPREAD_MILLIS = 30_000;
    /**
     * Without a pulse for so long beats are left unanswered until they are written: the gateway may be cut off, and agents
     * find another one after 6 s. Longer: their browsers are taken for silent meanwhile.
     */
    static final long PULSE_MILLIS = 3_000;

    /** Of one each second. Less: they are called late that only waited for a turn. More: a region's lag is seen later. */
    static final long LATE_PULSE_MILLIS = 1_300;

    private static final long NEVER = Long.MIN_VALUE / 2;

    private final boolean wished;
    private final Map<UUID, Entry> entries = new HashMap<>();
    private final Map<UUID, Entry> leaving = new HashMap<>();
    private long pulsedAt = NEVER;
    /** The last pulse that the store took, whether it was understood or not. */
    private long takenAt = NEVER;

    /** @param wished false: every beat is written */
    Vouched(boolean wished) {
        this.wished = wished;
    }

    private static final class Entry {
        long heardAt;
        long sequence;
        /** From then on its next beat is written. */
        long writeAt;
        /** The first beat that says what was asked for; one that was under way already does not. */
        long answer = NEVER;

        void ask() {
            writeAt = NEVER;
            answer = Long.MAX_VALUE;
        }
    }

    /** Whether the store may be told that this gateway vouches for calm browsers. */
    boolean isVouching(long now) {
        return wished && now - pulsedAt < PULSE_MILLIS;
    }

    /**
     * A beat came in.
     *
     * @param isKnown it says nothing new, and no other of its browser waits to be written
     * @return whether it need not be written
     */
    boolean hears(Report report, boolean isKnown, long now) {
        var entry = entries.get(report.browser());
        if (entry == null) {
            return false;
        }
        entry.heardAt = now;
        entry.sequence = report.sequence();
        if (entry.answer == Long.MAX_VALUE) {
            entry.answer = report.sequence();
        }
        return isKnown && report.isCalm() && now < entry.writeAt && isVouching(now);
    }

    /** Its agent came in by another line, perhaps by way of another gateway: what it says next is written. */
    void cameIn(UUID browser) {
        var entry = entries.get(browser);
        if (entry != null) {
            entry.ask();
        }
    }

    /**
     * A beat was written.
     *
     * @param speaks the browser still speaks here
     */
    void written(Fence fence, boolean speaks, long now) {
        var browser = fence.browser();
        if (!fence.vouched()) {
            entries.remove(browser);
            return;
        }
        var entry = entries.get(browser);
        if (entry == null) {
            entry = new Entry();
            entry.heardAt = now;
            entry.sequence = fence.sequence();
        }
        if (fence.sequence() >= entry.answer) {
            entry.writeAt =
                    now + WRITTEN_MILLIS + Math.floorMod(31 * browser.hashCode() + fence.sequence(), SPREAD_MILLIS);
            entry.answer = NEVER;
        }
        (speaks ? entries : leaving).put(browser, entry);
    }

    void gone(UUID browser) {
        var entry = entries.remove(browser);
        if (entry != null) {
            leaving.put(browser, entry);
        }
    }

    /** Those of whom the store knows only that this gateway has heard them, and since when: its pulses are late. */
    void overdue(long now, BiConsumer<UUID, Long> told) {
        if (now - takenAt > LATE_PULSE_MILLIS) {
            entries.keySet().forEach(browser -> told.accept(browser, now - takenAt));
        }
    }

    /** Who left since this was last {@link #pulsed told}. */
    List<Silence> silent(long now) {
        entries.entrySet().removeIf(each -> {
            var isSilent = now - each.getValue().heardAt > SILENT_MILLIS;
            if (isSilent) {
                leaving.put(each.getKey(), each.getValue());
            }
            return isSilent;
        });
        var silent = new ArrayList<Silence>();
        leaving.forEach(
                (browser, entry) -> silent.add(new Silence(browser, entry.sequence, Math.max(0, now - entry.heardAt))));
        return silent;
    }

    /**
     * The store has taken it in.
     *
     * @param told of {@link #silent}
     * @param asked when
     */
    void pulsed(Pulse pulse, List<Silence> told, long asked) {
        told.forEach(silence -> leaving.computeIfPresent(
                silence.browser(), (_, entry) -> entry.sequence == silence.sequence() ? null : entry));
        var isInTime = asked - pulsedAt < PULSE_MILLIS;
        takenAt = asked;
        pulsedAt = pulse.isUnderstood() ? asked : NEVER;
        // After a pause they may be out of the claim, and only a beat that is written brings them back at once.
        if (pulse.isFirst() || !isInTime) {
            entries.values().forEach(Entry::ask);
        }
        pulse.wanted().forEach(this::cameIn);
    }
}
