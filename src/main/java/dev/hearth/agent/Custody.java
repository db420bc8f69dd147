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

        /** The session is over for good: Chrome must stop. Comes once. */
        void ended();
    }

    private final EventLoop loop;
    private final Watcher watcher;
    private final Consumer<String> log;
    private final SessionRecord record = new SessionRecord();
    private final Clients clients;
    private EventLoop.@Nullable Timer hardEnd;

    Custody(EventLoop loop, Watcher watcher, Consumer<String> log) {
        this.loop = loop;
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
        if (fence.stale() || record.ended()) {
            return;
        }
        if (fence.adopt()) {
            adopt(word.epoch(), word.session(), word.awaitedMillis());
        }
        record.mayIdle(word.idleMillis());
        if (hardEnd != null) {
            hardEnd.cancel();
        }
        hardEnd = fence.hardEnd().map(left -> loop.after(left, this::end)).orElse(null);
        if (fence.ended()) {
            end();
        }
    }

    void end() {
        if (record.ended()) {
            return;
        }
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
