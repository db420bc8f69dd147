package dev.hearth.agent;

import dev.hearth.wire.Beat;
import dev.hearth.wire.BeatReply;
import dev.hearth.wire.Message;
import java.time.Duration;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** What this browser says of itself and when: regularly, and at once when a fact has changed. */
final class Beats implements Ingest.Speaker {
    private final EventLoop loop;
    private final AgentConfig config;
    private final Custody custody;
    private final Chrome chrome;
    private final Ingest ingest;
    private final SplittableRandom random = new SplittableRandom();
    private long sequence;
    private @Nullable Facts told;
    private EventLoop.@Nullable Timer next;
    private long nextAt;
    private boolean idlenessTold;
    private @Nullable Runnable whenHeard;

    Beats(EventLoop loop, AgentConfig config, Custody custody, Chrome chrome) {
        this.loop = loop;
        this.config = config;
        this.custody = custody;
        this.chrome = chrome;
        this.ingest = new Ingest(loop, new Gateways(loop, config.ingest()), this);
    }

    void start() {
        ingest.start();
    }

    /** A fact may have changed. */
    void changed() {
        if (BeatPolicy.dueNow(told, facts())) {
            ingest.tell();
        }
    }

    /** Something is worth a beat that changes no fact. */
    void tell() {
        ingest.tell();
    }

    /** Says the last word at once, and runs the task when a gateway has heard it. */
    void lastWord(Runnable heard) {
        told = null;
        whenHeard = heard;
        ingest.tell();
    }

    @Override
    public Message.Hello hello() {
        return new Message.Hello(config.browser(), config.podUid(), config.beatToken());
    }

    @Override
    public Message.Beating beat() {
        told = facts();
        var record = custody.record();
        var now = loop.nanos();
        var untilIdle = record.untilIdle(now);
        idlenessTold = untilIdle.filter(left -> !left.isPositive()).isPresent();
        beatAgainIn(BeatPolicy.untilNext(random.nextDouble(), untilIdle));
        return new Message.Beating(new Beat(
                config.browser(),
                config.podUid(),
                next(),
                told.chrome(),
                told.session(),
                told.epoch(),
                told.connections(),
                told.connected(),
                told.left(),
                record.commands(),
                record.idleMillis(now),
                record.proxyBytes()));
    }

    /** A restarted agent counts on where its forerunner stopped, or its beats would be taken for old ones. */
    @Override
    public void welcomed(BeatReply state) {
        sequence = Math.max(sequence, state.sequence());
        heed(state);
    }

    @Override
    public void replied(BeatReply reply) {
        heed(reply);
        if (whenHeard != null && told != null && reply.sequence() >= sequence) {
            whenHeard.run();
        }
    }

    private void heed(BeatReply word) {
        if (word.browser().equals(config.browser())) {
            custody.heed(word);
            mindIdleness();
        }
    }

    /** The word may be the first that says how long the session may idle: the beat that was planned may be too late. */
    private void mindIdleness() {
        var now = loop.nanos();
        if (next != null && !idlenessTold) {
            beatAgainIn(BeatPolicy.sooner(
                    Duration.ofNanos(nextAt - now), custody.record().untilIdle(now)));
        }
    }

    private void beatAgainIn(Duration delay) {
        if (next != null) {
            next.cancel();
        }
        nextAt = loop.nanos() + delay.toNanos();
        next = loop.after(delay, ingest::tell);
    }

    private long next() {
        custody.told(++sequence);
        return sequence;
    }

    private Facts facts() {
        return custody.facts(chrome.health());
    }
}
