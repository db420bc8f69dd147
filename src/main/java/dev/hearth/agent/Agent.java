package dev.hearth.agent;

import dev.hearth.wire.Beat;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** The parts put together, and the ways in which an agent's life ends. */
final class Agent implements Custody.Watcher, Chrome.Watcher {
    /** For Chrome to close by itself. Longer: an ended session's browser lives on. Shorter: it cannot end in good order. */
    private static final Duration CLOSING = Duration.ofSeconds(2);

    /** For a gateway to hear the last word. Longer: a dead browser's pod lives on. Shorter: silence must tell it instead. */
    private static final Duration LAST_WORD = Duration.ofMillis(1500);

    /** For close frames to be read before the process's end cuts their sockets. */
    private static final Duration GOODBYE = Duration.ofMillis(100);

    private final EventLoop loop;
    private final Buffers buffers;
    private final Custody custody;
    private final Chrome chrome;
    private final Beats beats;
    private final @Nullable Guard guard;
    private final @Nullable Again again;
    private EventLoop.@Nullable Timer patience;
    private boolean leaving;
    private boolean rehearsed;
    private boolean telling;

    private Agent(EventLoop loop, Buffers buffers, AgentConfig config) {
        this.loop = loop;
        this.buffers = buffers;
        this.again = config.again();
        this.custody = new Custody(loop, again != null, this, line -> loop.execute(() -> Console.say(line)));
        this.chrome = new Chrome(loop, buffers, config.chromeDir(), custody.record(), this);
        this.beats = new Beats(loop, config, custody, chrome);
        var egress = config.egress();
        this.guard = egress == null ? null : new Guard(custody.record(), new AddressPolicy(egress.allowed()));
    }

    /** @throws IOException where the agent port cannot be listened on */
    static Agent start(EventLoop loop, AgentConfig config) throws IOException {
        var buffers = new Buffers();
        var agent = new Agent(loop, buffers, config);
        var check = GrantCheck.of(config.grantKeys(), config.podUid());
        var others = agent.guard(config);
        var gatekeeper = new Gatekeeper(check, agent.custody, agent.chrome, agent.guard, loop, buffers);
        AgentPort.open(loop, buffers, gatekeeper, config.listen(), others);
        Console.say("listens on " + config.listen());
        agent.chrome.find();
        agent.beats.start();
        return agent;
    }

    /** Before Chrome can be found: its only way out must be ours. */
    private IntSupplier guard(AgentConfig config) throws IOException {
        var egress = config.egress();
        if (guard == null || egress == null) {
            return () -> 0;
        }
        var means = new GuardExchange.Means(loop, buffers, guard, Names.ofThisMachine(loop));
        var port = GuardPort.open(means, egress.listen());
        Console.say("guards Chrome's way out on " + egress.listen());
        return port::sockets;
    }

    /** Soon and not at once: what changed the facts is often a client that waits for its 101. */
    @Override
    public void changed() {
        if (!telling) {
            telling = true;
            loop.execute(this::tell);
        }
    }

    private void tell() {
        telling = false;
        chrome.sessionChanged();
        beats.changed();
    }

    @Override
    public void ended() {
        // The last count of what passed the guard.
        beats.tell();
        if (again != null) {
            again.callOff();
        }
        chrome.stop();
        loop.after(CLOSING, loop::stop);
    }

    @Override
    public void endedForNow() {
        var means = Objects.requireNonNull(again);
        try {
            means.ask();
            patience = loop.after(means.patience(), this::unfit);
            chrome.makeRoom();
            // That Chrome is starting is news, which a gateway passes on at once: its answer says whether the pod
            // stays.
            beats.tell();
        } catch (IOException unwritable) {
            Console.say("cannot write " + means.mark() + ": " + unwritable.getMessage());
            unfit();
        }
    }

    /** Its pod is replaced. */
    @Override
    public void unfit() {
        Console.say("cannot serve again");
        chrome.giveUp();
    }

    @Override
    public void chromeIs(Beat.Chrome health) {
        if (health == Beat.Chrome.GONE) {
            custody.clients().cutAll(CloseReason.BROWSER_GONE);
            leave();
            return;
        }
        beats.changed();
        if (health == Beat.Chrome.READY) {
            ready();
        }
    }

    private void ready() {
        if (patience != null) {
            patience.cancel();
            patience = null;
        }
        if (!rehearsed) {
            rehearsed = true;
            Rehearsal.begin(loop, buffers, chrome);
        } else if (custody.record().between()) {
            fillSpare();
        }
        custody.renewed();
    }

    private void fillSpare() {
        if (chrome.where() instanceof ActivePort where) {
            chrome.spare().fill(where, () -> {});
        }
    }

    /** The pod is being ended: clients learn it, the gateway hears the newest, and the loop stops. */
    void terminate() {
        Console.say("told to stop");
        custody.clients().cutAll(CloseReason.STOPPING);
        leave();
    }

    private void leave() {
        if (!leaving) {
            leaving = true;
            loop.after(LAST_WORD, loop::stop);
            beats.lastWord(() -> loop.after(GOODBYE, loop::stop));
        }
    }
}
