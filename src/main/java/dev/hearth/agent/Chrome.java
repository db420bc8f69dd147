package dev.hearth.agent;

import dev.hearth.wire.Beat;
import dev.hearth.wire.PageSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The one Chrome of this pod: found by the file it writes, watched over the agent's own CDP connection. Once it is gone it
 * stays gone, whatever listens on its port later; unless it was asked to make room for another.
 */
final class Chrome implements HeldConnection.Listener {
    /** Longer: a started browser waits for its agent. Shorter: more looks at a file while Chrome starts. */
    private static final Duration LOOK = Duration.ofMillis(50);

    /** Longer: freezes are told later. Shorter: more wake-ups of an idle pod. */
    private static final Duration TICK = Duration.ofSeconds(1);

    /** Longer: clients pile up before a frozen Chrome. Shorter: a busy one refuses its own client. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** Told when health has changed. */
    interface Watcher {
        void chromeIs(Beat.Chrome health);
    }

    private final EventLoop loop;
    private final Buffers buffers;
    private final Path directory;
    private final SessionRecord session;
    private final Watcher watcher;
    private final Spare spare;
    private Probing version = new Probing();
    private PreparedPage page = new PreparedPage(this::send);
    private PageTuning tuning = new PageTuning(this::send);
    private @Nullable UUID tunedFor;
    private @Nullable ActivePort where;
    private @Nullable HeldConnection held;
    private @Nullable ActivePort former;
    private boolean makesRoom;
    private EventLoop.@Nullable Timer ticking;
    private HealthPolicy.Link link = HealthPolicy.Link.NOT_YET;
    private Beat.Chrome health = Beat.Chrome.STARTING;

    Chrome(EventLoop loop, Buffers buffers, Path directory, SessionRecord session, Watcher watcher) {
        this.loop = loop;
        this.buffers = buffers;
        this.directory = directory;
        this.session = session;
        this.watcher = watcher;
        this.spare = new Spare(loop, buffers);
    }

    Beat.Chrome health() {
        return health;
    }

    /** Null until Chrome was found. */
    @Nullable
    ActivePort where() {
        return where;
    }

    Spare spare() {
        return spare;
    }

    /** Looks for Chrome until it is there. */
    void find() {
        if (ActivePort.look(directory) instanceof ActivePort.Seen.At(var found) && !found.equals(former)) {
            where = found;
            held = HeldConnection.open(loop, buffers, found, this);
        } else {
            failed();
        }
    }

    /**
     * Makes the pages be as the session wants them; {@code done} is told on the loop, at once where nothing is asked for.
     *
     * @return what gives the waiting up
     */
    Runnable tune(@Nullable PageSettings settings, PageTuning.Done done) {
        if (settings == null) {
            done.done(null);
            return () -> {};
        }
        // A session's change is told after its first client's 101.
        forgetOthersWishes();
        var giveUp = tuning.apply(settings, done);
        var patience = loop.after(PATIENCE, () -> {
            giveUp.run();
            done.done("no answer in " + PATIENCE.toSeconds() + " s");
        });
        return () -> {
            patience.cancel();
            giveUp.run();
        };
    }

    private void forgetOthersWishes() {
        if (!Objects.equals(session.session(), tunedFor)) {
            tunedFor = session.session();
            tuning.forget();
        }
    }

    /** Asks Chrome to end in good order. */
    void stop() {
        send("Browser.close", "{}", null);
    }

    /** Has another Chrome take its place: until that one is ready its health is STARTING. */
    void makeRoom() {
        makesRoom = true;
        health = Beat.Chrome.STARTING;
        spare.drop();
        stop();
    }

    /** It is taken for gone, whatever becomes of it. */
    void giveUp() {
        makesRoom = false;
        link = HealthPolicy.Link.LOST;
        judge();
    }

    private void beginAnew() {
        makesRoom = false;
        former = where;
        where = null;
        held = null;
        version = new Probing();
        page = new PreparedPage(this::send);
        tuning = new PageTuning(this::send);
        link = HealthPolicy.Link.NOT_YET;
        find();
    }

    /** Whose the pages are may have changed. */
    void sessionChanged() {
        forgetOthersWishes();
        if (link == HealthPolicy.Link.OPEN && !makesRoom) {
            prepare();
            judge();
        }
    }

    @Override
    public void opened() {
        link = HealthPolicy.Link.OPEN;
        page.begin();
        tick();
    }

    @Override
    public void said(CdpMessage message) {
        if (makesRoom) {
            return;
        }
        version.heard(message);
        tuning.heard(message);
        if (page.heard(message)) {
            prepare();
        }
        judge();
    }

    @Override
    public void lost() {
        if (makesRoom) {
            beginAnew();
        } else {
            link = HealthPolicy.Link.LOST;
            judge();
        }
    }

    @Override
    public void failed() {
        if (link == HealthPolicy.Link.NOT_YET) {
            loop.after(LOOK, this::find);
        }
    }

    private void tick() {
        if (ticking != null) {
            ticking.cancel();
        }
        if (link != HealthPolicy.Link.OPEN || makesRoom) {
            return;
        }
        if (movedAway()) {
            link = HealthPolicy.Link.LOST;
        } else {
            ask();
            ticking = loop.after(TICK, this::tick);
        }
        judge();
    }

    private boolean movedAway() {
        return switch (ActivePort.look(directory)) {
            case ActivePort.Seen.At(var now) -> !now.equals(where);
            case ActivePort.Seen.Absent _ -> true;
            case ActivePort.Seen.Unreadable _ -> false;
        };
    }

    private void ask() {
        if (version.due(loop.nanos())) {
            version.asked(send("Browser.getVersion", "{}", null), loop.nanos());
        }
        if (!session.inSession()) {
            page.ask(loop.nanos());
        }
    }

    /** Pages are closed only once Postgres has said that no session has this browser. */
    private void prepare() {
        if (!session.inSession()) {
            page.prepare(session.welcomed());
            page.ask(loop.nanos());
        }
    }

    private void judge() {
        var now = loop.nanos();
        var pulse = new HealthPolicy.Pulse(link, version.at(now), page.probe(now), session.inSession());
        var judged = HealthPolicy.judge(pulse);
        if (judged != health) {
            health = judged;
            Console.say("chrome is " + judged);
            watcher.chromeIs(judged);
        }
    }

    private int send(String method, String params, @Nullable String cdpSession) {
        return held == null ? 0 : held.send(method, params, cdpSession);
    }
}
