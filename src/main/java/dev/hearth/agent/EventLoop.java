package dev.hearth.agent;

import java.io.IOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The agent's one thread: sockets, timers and tasks from other threads run on it one after another. Nothing that runs here
 * may block; only {@link #execute} may be called from elsewhere.
 */
final class EventLoop {
    /** What owns a socket. A failure inside {@link #ready} ends that socket, never the loop. */
    interface Handler {
        void ready(SelectionKey key) throws IOException;

        void broken(Exception cause);
    }

    /** A task that waits for its time. */
    final class Timer {
        private final long at;
        private final Runnable task;

        private Timer(long at, Runnable task) {
            this.at = at;
            this.task = task;
        }

        void cancel() {
            timers.remove(this);
        }
    }

    private final Selector selector;
    private final PriorityQueue<Timer> timers =
            new PriorityQueue<>(Comparator.comparingLong((Timer timer) -> timer.at));
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private volatile boolean stopped;

    EventLoop() throws IOException {
        selector = Selector.open();
    }

    long nanos() {
        return System.nanoTime();
    }

    /** Sockets of all kinds that this loop serves. */
    int sockets() {
        return selector.keys().size();
    }

    SelectionKey register(SelectableChannel channel, int interest, Handler handler) throws IOException {
        channel.configureBlocking(false);
        return channel.register(selector, interest, handler);
    }

    Timer after(Duration delay, Runnable task) {
        var timer = new Timer(nanos() + delay.toNanos(), task);
        timers.add(timer);
        return timer;
    }

    /** The one door from other threads. */
    void execute(Runnable task) {
        tasks.add(task);
        selector.wakeup();
    }

    void stop() {
        stopped = true;
        selector.wakeup();
    }

    void run() throws IOException {
        while (!stopped) {
            runTasks();
            runDue();
            if (!stopped) {
                selector.select(this::dispatch, waitMillis());
            }
        }
        selector.close();
    }

    private void runTasks() {
        for (var task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    private void runDue() {
        for (var next = timers.peek(); next != null && next.at - nanos() <= 0; next = timers.peek()) {
            timers.poll();
            next.task.run();
        }
    }

    /** At least 1: 0 would wait for ever. A task added meanwhile wakes the selector. */
    private long waitMillis() {
        var next = timers.peek();
        return next == null ? 0 : Math.max(1, Math.ceilDiv(next.at - nanos(), 1_000_000));
    }

    private void dispatch(SelectionKey key) {
        if (!key.isValid()) {
            return;
        }
        var handler = (Handler) key.attachment();
        try {
            handler.ready(key);
        } catch (IOException | CancelledKeyException lost) {
            handler.broken(lost);
        } catch (RuntimeException bug) {
            Console.say("socket closed after an unexpected " + bug);
            handler.broken(bug);
        }
    }
}
