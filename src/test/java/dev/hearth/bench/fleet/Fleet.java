package dev.hearth.bench.fleet;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

/**
 * Browsers that beat every 5 s, evenly spread, over a few connections and from one thread. Open loop: a beat is due when
 * it is due, and how late its answer is counts from there. As an agent does, a browser whose connection takes nothing
 * leaves the beat out and sends its newest state next time.
 */
public final class Fleet implements AutoCloseable {
    static final long PERIOD = Duration.ofSeconds(5).toNanos();
    /** Sequences begin here, so that each has as many digits as the others. */
    private static final int FIRST = 100_000_000;
    /** Shorter: a system call for each few beats, more CPU than the gateway has. Its length is part of every lag. */
    private static final long TICK = Duration.ofMillis(5).toNanos();

    /** Agents come in one after the other, as fast as a gateway lets them in: not all with their first beat in one period. */
    private static final int JOIN_PER_SECOND = 20_000;

    /** Of so many, one falls silent. */
    private static final int SILENT = 100;

    private static final int MOST_ROOM = 1 << 18;
    private static final int LEAST_ROOM = 1 << 12;

    private final int size;
    private final int firstNumber;
    private final FleetWords words = new FleetWords();
    private final Selector selector;
    private final List<Line> lines = new ArrayList<>();
    private final Thread thread = Thread.ofPlatform().daemon().name("fleet").unstarted(this::run);
    private final CountDownLatch welcomed = new CountDownLatch(1);
    private final int[] sent;
    private final int[] answered;
    private int hellos;
    private int welcomes;
    private long turned;
    private long begun;
    private long cursor;
    private long end = Long.MAX_VALUE;
    private volatile Tally tally = new Tally();
    private volatile boolean someSilent;
    private volatile boolean quiet;
    private volatile boolean stopped;
    private volatile String failure = "";

    /** @param firstNumber of the browsers, whose rows exist */
    private Fleet(int firstNumber, int size, Selector selector) {
        this.firstNumber = firstNumber;
        this.size = size;
        this.selector = selector;
        this.sent = new int[size];
        this.answered = new int[size];
    }

    /**
     * Returns when all of them are welcome; they beat from then on.
     *
     * @param connections no more than there are browsers
     */
    public static Fleet start(InetSocketAddress ingest, int firstNumber, int size, int connections)
            throws IOException, InterruptedException {
        var fleet = new Fleet(firstNumber, size, Selector.open());
        var room = Math.clamp(MOST_ROOM / Math.max(1, connections / 64), LEAST_ROOM, MOST_ROOM);
        for (var n = 0; n < connections; n++) {
            var line = Line.open(ingest, room, fleet.selector);
            fleet.lines.add(line);
            // At once, as agents do: a line that says nothing for 10 s is a stranger's.
            line.out().put(FleetWords.hello(firstNumber + fleet.hellos++));
            line.flush();
        }
        fleet.thread.start();
        fleet.welcomed.await();
        fleet.check();
        return fleet;
    }

    /** Until all of them beat. */
    public Duration joining() {
        return Duration.ofSeconds(size / JOIN_PER_SECOND);
    }

    /** What was counted so far, and counting begins anew. */
    public Tally lap() {
        var before = tally;
        tally = new Tally();
        before.nanos = System.nanoTime() - before.begun;
        return before;
    }

    /** A hundredth of them beats no more, as if their nodes were lost: the others go on. @return how many */
    public int silenceSome() {
        someSilent = true;
        return (size + SILENT - 1) / SILENT;
    }

    /** @param number of a browser */
    boolean isSilent(int number) {
        return someSilent && (number - firstNumber) % SILENT == 0;
    }

    /** No browser beats any more; false when some answers did not come within this time. */
    public boolean hush(Duration patience) {
        quiet = true;
        var until = System.nanoTime() + patience.toNanos();
        while (!Arrays.equals(sent, answered) && System.nanoTime() < until) {
            check();
            LockSupport.parkNanos(20_000_000);
        }
        return Arrays.equals(sent, answered);
    }

    /** The newest beat that each browser sent, by its number; 0 for those of others. */
    public int[] newest() {
        var newest = new int[firstNumber + size];
        for (var n = 0; n < size; n++) {
            newest[firstNumber + n] = sent[n];
        }
        return newest;
    }

    /** What one lap counted. Read it when it is over. */
    public static final class Tally {
        private final Latencies lags = new Latencies();
        private final long begun = System.nanoTime();
        private long nanos;
        private long sent;
        private long withheld;
        private long stalls;

        /** From the instant a beat was due to the answer that says it is written. */
        public Latencies lags() {
            return lags;
        }

        public double seconds() {
            return nanos / 1e9;
        }

        public long sent() {
            return sent;
        }

        /** Beats left out because their connection took nothing. */
        public long withheld() {
            return withheld;
        }

        /** Times that this side itself was more than 100 ms behind: its lag is in the figures. */
        public long stalls() {
            return stalls;
        }
    }

    private void run() {
        try {
            while (!stopped && welcomes < size) {
                greet();
                turn();
            }
            begun = System.nanoTime();
            welcomed.countDown();
            while (!stopped) {
                beat();
                turn();
            }
            for (var line : lines) {
                line.close();
            }
        } catch (IOException | RuntimeException broken) {
            failure = broken.toString();
            welcomed.countDown();
        }
    }

    private void greet() throws IOException {
        var room = true;
        while (room && hellos < size) {
            var hello = FleetWords.hello(firstNumber + hellos);
            var out = line(hellos).out();
            room = out.remaining() >= hello.length;
            if (room) {
                out.put(hello);
                hellos++;
            }
        }
    }

    private void beat() {
        if (quiet) {
            end = Math.min(end, cursor);
        }
        var now = System.nanoTime();
        var counted = tally;
        var joined = (now - begun) / 1_000_000_000.0 * JOIN_PER_SECOND;
        var due = Math.min(end, (long) ((now - begun) / (double) PERIOD * size));
        if (cursor < due && now - dueAt(cursor) > 100_000_000) {
            counted.stalls++;
        }
        for (; cursor < due; cursor++) {
            var browser = (int) (cursor % size);
            if (isSilent(firstNumber + browser) || browser >= joined) {
                continue;
            }
            var out = line(browser).out();
            if (out.remaining() < words.beatLength()) {
                counted.withheld++;
            } else {
                sent[browser] = FIRST + (int) (cursor / size);
                words.putBeat(out, firstNumber + browser, sent[browser]);
                counted.sent++;
            }
        }
    }

    private void turn() throws IOException {
        for (var line : lines) {
            line.flush();
        }
        // Not woken by each answer: that would take a system call for every one of them.
        LockSupport.parkNanos(turned + TICK - System.nanoTime());
        turned = System.nanoTime();
        selector.selectNow(key -> {
            var line = (Line) key.attachment();
            try {
                line.read(this::heard);
            } catch (EOFException hungUp) {
                hungUp(line, hungUp);
            } catch (IOException broken) {
                throw new UncheckedIOException(broken);
            }
        });
    }

    /** As is right after 20 s where none of its browsers says anything. */
    private void hungUp(Line line, EOFException broken) {
        for (var browser = lines.indexOf(line); browser < size; browser += lines.size()) {
            if (!isSilent(firstNumber + browser)) {
                throw new UncheckedIOException(broken);
            }
        }
        try {
            line.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void heard(byte[] bytes, int start) {
        if (!words.isReply(bytes, start)) {
            if (bytes[start + 6] != 'w') {
                throw new IllegalStateException("the gateway refused a browser of the fleet");
            }
            welcomes++;
            return;
        }
        var browser = words.replyNumber(bytes, start) - firstNumber;
        var sequence = words.replySequence(bytes, start);
        answered[browser] = Math.max(answered[browser], sequence);
        tally.lags.add(System.nanoTime() - dueAt((long) (sequence - FIRST) * size + browser));
    }

    private long dueAt(long beat) {
        return begun + (long) (beat * (double) PERIOD / size);
    }

    private Line line(int browser) {
        return lines.get(browser % lines.size());
    }

    private void check() {
        if (!failure.isEmpty()) {
            throw new IllegalStateException(failure);
        }
    }

    @Override
    public void close() throws InterruptedException {
        stopped = true;
        thread.join();
        check();
    }
}
