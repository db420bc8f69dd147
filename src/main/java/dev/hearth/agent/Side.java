package dev.hearth.agent;

import java.nio.channels.SelectionKey;
import java.util.function.Consumer;

/** One of the two sockets that somebody joins: each has its own way to be ready, and to break. */
record Side(Consumer<SelectionKey> onReady, Runnable onBroken) implements EventLoop.Handler {
    @Override
    public void ready(SelectionKey key) {
        onReady.accept(key);
    }

    @Override
    public void broken(Exception cause) {
        onBroken.run();
    }
}
