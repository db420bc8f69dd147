package dev.hearth.agent;

import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * One connection to Chrome's browser socket, opened before its client comes, so that the client does not wait for Chrome to
 * shake hands. Nothing was ever said on it: once Chrome says something or ends, it is no fresh connection and is dropped.
 */
final class Spare implements EventLoop.Handler {
    /** Of RFC 6455: what a server puts behind a client's key. */
    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private final EventLoop loop;
    private final Buffers buffers;
    private @Nullable SelectionKey chrome;

    Spare(EventLoop loop, Buffers buffers) {
        this.loop = loop;
        this.buffers = buffers;
    }

    /** Opens one where there is none. {@code then} runs when it is there, or could not be had. */
    void fill(ActivePort where, Runnable then) {
        if (chrome != null) {
            then.run();
            return;
        }
        var request = ChromeDial.Request.upgrade(where.port(), where.browserPath(), key());
        ChromeDial.dial(loop, buffers, request, new Opening(then));
    }

    /** The connection, the caller's own from now on; null where there is none. */
    @Nullable
    SelectionKey take() {
        var taken = chrome;
        chrome = null;
        return taken;
    }

    /** The Sec-WebSocket-Accept for a client that gets this connection: Chrome answered another key. */
    static String accept(String key) {
        try {
            var digest = MessageDigest.getInstance("SHA-1");
            return Base64.getEncoder().encodeToString(digest.digest((key + GUID).getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("this Java has no SHA-1", impossible);
        }
    }

    @Override
    public void ready(SelectionKey key) {
        drop(key);
    }

    @Override
    public void broken(Exception cause) {
        drop();
    }

    /** It leads to a Chrome that must not be had any more. */
    void drop() {
        if (chrome != null) {
            drop(chrome);
        }
    }

    private void drop(SelectionKey key) {
        Sockets.close(key.channel());
        chrome = null;
    }

    private static String key() {
        var nonce = new byte[16];
        new SecureRandom().nextBytes(nonce);
        return Base64.getEncoder().encodeToString(nonce);
    }

    private final class Opening implements ChromeDial.Outcome {
        private final Runnable then;

        private Opening(Runnable then) {
            this.then = then;
        }

        @Override
        public void answered(SelectionKey opened, HttpHead head, ByteBuffer rest) {
            if (head.status().equals("101") && !rest.hasRemaining()) {
                chrome = opened;
                opened.attach(Spare.this);
            } else {
                Sockets.close(opened.channel());
            }
            then.run();
        }

        @Override
        public void failed(String why) {
            then.run();
        }
    }
}
