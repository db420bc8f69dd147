package dev.hearth.agent;

import dev.hearth.wire.Beat;
import dev.hearth.wire.BeatReply;
import dev.hearth.wire.Grant;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Whom this browser obeys: carries out what {@link Arbiter} and {@link Fence} decided. The session's hard end runs on this
 * machine's monotonic clock, so it holds while nobody can be reached.
 */
final class Custody {
    /** Told after the facts have changed. */
    interface Watcher {
        void changed();

        /** The browser is over for good: Chrome must stop. Comes once. */
        void ended();

        /** The session is over: a new Chrome is to take this one's place, and {@link #renewed} wants to hear of it. */
        void endedForNow();

        /** What this Chrome went through is not known: nobody may have it. */
        void unfit();
    }

    private final EventLoop loop;
    private final Watcher watcher;
    private final Consumer<String> log;
    private final SessionRecord record = new SessionRecord();
    private final Clients clients;
    private final boolean servesAgain;
    private EventLoop.@Nullable Timer hardEnd;
    private long told;
    private long toldAtEnd;
    private boolean isNew;
    private @Nullable Long freeAt;

    /** @param servesAgain whether this browser may have a session after its first */
    Custody(EventLoop loop, boolean servesAgain, Watcher watcher, Consumer<String> log) {
        this.loop = loop;
        this.servesAgain = servesAgain;
        this.watcher = watcher;
        this.log = log;
        this.clients = new Clients(record, loop, watcher::changed);
    }

    Clients clients() {
        return clients;
    }

    SessionRecord record() {
        return record;
    }

    Standing standing(boolean chromeReady) {
        return new Standing(
                record.welcomed(), record.ended(), chromeReady, record.epoch(), record.session(), clients.holders());
    }

    Facts facts(Beat.Chrome chrome) {
        return new Facts(chrome, record.session(), record.epoch(), clients.open(), record.connected(), record.left());
    }

    /** A grant of a newer epoch: the browser changes hands before the grant itself is answered. */
    void handOver(Grant grant) {
        adopt(grant.epoch(), grant.session(), 0);
    }

    /** What Postgres says about this browser. */
    void heed(BeatReply word) {
        var fence = Fence.of(word, record.welcomed(), record.epoch());
        if (fence.stale()) {
            return;
        }
        switch (Sequel.of(word, new Sequel.Past(servesAgain, record, word.sequence() > toldAtEnd))) {
            case NOTHING -> {}
            case GOES_ON -> obey(word, fence);
            case ENDS -> end();
            case IS_FREE -> {
                end();
                freeAt = word.epoch();
                goOn();
            }
            case IS_OVER -> {
                if (fence.adopt() && !record.between()) {
                    adopt(word.epoch(), word.session(), word.awaitedMillis());
                }
                endForGood();
            }
            case IS_UNFIT -> {
                adopt(word.epoch(), null, 0);
                record.end();
                watcher.unfit();
            }
        }
    }

    private void obey(BeatReply word, Fence fence) {
        if (fence.adopt()) {
            adopt(word.epoch(), word.session(), word.awaitedMillis());
        }
        record.mayIdle(word.idleMillis());
        if (hardEnd != null) {
            hardEnd.cancel();
        }
        hardEnd = fence.hardEnd().map(left -> loop.after(left, this::end)).orElse(null);
    }

    /** A beat of this number goes out: of an answer to an earlier one nothing later can be learnt. */
    void told(long sequence) {
        told = sequence;
    }

    void end() {
        if (record.ended()) {
            return;
        }
        if (!servesAgain || record.session() == null) {
            endForGood();
            return;
        }
        record.endForNow();
        toldAtEnd = told;
        isNew = false;
        freeAt = null;
        if (hardEnd != null) {
            hardEnd.cancel();
        }
        log.accept("session ended, epoch " + record.epoch() + "; a new Chrome is to come");
        clients.cutAll(CloseReason.SESSION_ENDED);
        watcher.endedForNow();
    }

    /** The session's Chrome is gone, and a new one is ready. */
    void renewed() {
        if (record.between()) {
            isNew = true;
            goOn();
        }
    }

    /** Free by Postgres' word, and fit by its Chrome: neither is enough. */
    private void goOn() {
        if (record.between() && isNew && freeAt != null) {
            record.renew(freeAt, loop.nanos());
            log.accept("is nobody's again, epoch " + record.epoch());
            watcher.changed();
        }
    }

    private void endForGood() {
        record.end();
        log.accept("session ended, epoch " + record.epoch());
        clients.cutAll(CloseReason.SESSION_ENDED);
        watcher.ended();
    }

    private void adopt(long epoch, @Nullable UUID session, long awaitedMillis) {
        clients.cutAll(CloseReason.SESSION_ENDED);
        record.adopt(epoch, session, loop.nanos() - TimeUnit.MILLISECONDS.toNanos(awaitedMillis));
        log.accept("obeys epoch " + epoch + (session == null ? ", no session" : ", session " + session));
        watcher.changed();
    }
}
