package dev.hearth.agent;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where gateways may be, in turn: each address of each name, names asked anew in each round because gateways come and go.
 * Names are resolved on a thread of their own, which lives for that long: the JDK can only wait for an answer.
 */
final class Gateways {
    private final EventLoop loop;
    private final Deque<ConfigForms.Target> targets;
    private final Deque<InetSocketAddress> addresses = new ArrayDeque<>();

    Gateways(EventLoop loop, List<ConfigForms.Target> targets) {
        this.loop = loop;
        this.targets = new ArrayDeque<>(targets);
    }

    /** Gives the next address on the loop; null where the next name has none. */
    void next(Consumer<@Nullable InetSocketAddress> user) {
        var known = addresses.poll();
        if (known != null) {
            user.accept(known);
            return;
        }
        var target = targets.remove();
        targets.add(target);
        Thread.ofPlatform().daemon().name("resolve").start(() -> {
            var found = resolve(target);
            loop.execute(() -> {
                addresses.addAll(found);
                user.accept(addresses.poll());
            });
        });
    }

    /** In random order: agents that start together spread over the gateways. */
    private static List<InetSocketAddress> resolve(ConfigForms.Target target) {
        try {
            var found = Arrays.asList(InetAddress.getAllByName(target.host()));
            Collections.shuffle(found);
            return found.stream()
                    .map(address -> new InetSocketAddress(address, target.port()))
                    .toList();
        } catch (UnknownHostException unknown) {
            return List.of();
        }
    }
}
