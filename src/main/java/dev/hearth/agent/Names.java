package dev.hearth.agent;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Resolves names beside the event loop: the platform's resolver blocks, and the loop must not. */
final class Names {
    /** More: memory for stacks. Fewer: slow name servers hold up pages that ask for other names. */
    private static final int THREADS = 4;

    /** More: names wait longer than their pages do. Fewer: a page with many hosts loses some of them. */
    private static final int WAITING = 128;

    private final EventLoop loop;
    private final Function<String, List<InetAddress>> source;
    private final ThreadPoolExecutor threads = new ThreadPoolExecutor(
            THREADS,
            THREADS,
            10,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(WAITING),
            task -> Thread.ofPlatform().daemon().name("names").unstarted(task));

    private Names(EventLoop loop, Function<String, List<InetAddress>> source) {
        this.loop = loop;
        this.source = source;
        threads.allowCoreThreadTimeOut(true);
    }

    static Names ofThisMachine(EventLoop loop) {
        return of(loop, Names::lookUp);
    }

    /** @param source may block; gives no address for a name that it does not know */
    static Names of(EventLoop loop, Function<String, List<InetAddress>> source) {
        return new Names(loop, source);
    }

    /** Told on the loop. Empty: there is no such host, or nobody could be asked. */
    interface Answer {
        void addresses(List<InetAddress> found);
    }

    void resolve(String host, Answer answer) {
        try {
            threads.execute(() -> {
                var found = source.apply(host);
                loop.execute(() -> answer.addresses(found));
            });
        } catch (RejectedExecutionException tooMany) {
            answer.addresses(List.of());
        }
    }

    private static List<InetAddress> lookUp(String host) {
        try {
            return List.of(InetAddress.getAllByName(host));
        } catch (UnknownHostException | SecurityException unknown) {
            return List.of();
        }
    }
}
