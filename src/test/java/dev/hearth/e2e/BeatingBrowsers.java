package dev.hearth.e2e;

import dev.hearth.claim.SessionIds;
import dev.hearth.claim.Sha256;
import dev.hearth.testing.postgres.DatabaseAddress;
import dev.hearth.wire.Beat;
import dev.hearth.wire.Message;
import dev.hearth.wire.MessageCodec;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Warm rows of one region that beat as agents do, each every 5 s, over one line to a gateway's real ingest port. */
final class BeatingBrowsers implements AutoCloseable {
    private static final String POD = "pod-uid";
    private static final String TOKEN = "token-of-the-beating";
    /** In 25 turns all of them. */
    private static final int TURNS = 25;

    private final List<UUID> browsers;
    private volatile Line line;
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("beating").factory());
    private long turn;

    /** @param virtualShard of the region, which the ids of its browsers carry */
    BeatingBrowsers(
            DatabaseAddress database, UUID pool, String name, String region, int virtualShard, int count, int port)
            throws IOException {
        this.browsers = Stream.generate(() -> SessionIds.mint(virtualShard, Instant.now()))
                .limit(count)
                .toList();
        database.execute("""
                INSERT INTO hearth.browser (id, pool_id, namespace, pool, region, pod_name, pod_uid, address, state,
                       claimable, revision, token_hash)
                SELECT id, '%s', 'shop', '%s', '%s', id::text, '%s', '127.0.0.1:1', 'WARM', true, 'r1', '\\x%s'
                  FROM unnest('%s'::uuid[]) AS b (id)
                """.formatted(pool, name, region, POD, HexFormat.of().formatHex(Sha256.of(TOKEN)), ids()));
        this.line = Line.to(port, browsers);
        clock.scheduleAtFixedRate(this::beat, 1_000, 5_000 / TURNS, TimeUnit.MILLISECONDS);
    }

    private record Line(Socket socket, OutputStream out) {
        static Line to(int port, List<UUID> browsers) throws IOException {
            var socket = new Socket(InetAddress.getLoopbackAddress(), port);
            var line = new Line(socket, new BufferedOutputStream(socket.getOutputStream()));
            for (var browser : browsers) {
                line.out.write(MessageCodec.encode(new Message.Hello(browser, POD, TOKEN)));
            }
            line.out.flush();
            line.awaitWelcomes(browsers.size());
            Thread.ofVirtual().start(line::swallow);
            return line;
        }

        /** As agents do: who beats before it is welcome is cut off. */
        private void awaitWelcomes(int count) throws IOException {
            var in = socket.getInputStream();
            for (var welcomes = 0; welcomes < count; ) {
                var read = in.read();
                if (read < 0) {
                    throw new EOFException("the gateway hung up");
                }
                welcomes += read == '\n' ? 1 : 0;
            }
        }

        private void swallow() {
            try {
                socket.getInputStream().transferTo(OutputStream.nullOutputStream());
            } catch (IOException closed) {
                return;
            }
        }
    }

    /** Their gateway died: as agents do they come in at another one. */
    void moveTo(int port) throws IOException {
        var before = line;
        line = Line.to(port, browsers);
        before.socket.close();
    }

    /** The ids of all, as Postgres takes an array. */
    String ids() {
        return browsers.stream().map(UUID::toString).collect(Collectors.joining(",", "{", "}"));
    }

    private void beat() {
        var out = line.out;
        try {
            var sequence = 1 + turn / TURNS;
            for (var n = (int) (turn++ % TURNS); n < browsers.size(); n += TURNS) {
                out.write(MessageCodec.encode(new Message.Beating(
                        new Beat(browsers.get(n), POD, sequence, Beat.Chrome.READY, null, 0, 0, false, false, 0, 0))));
            }
            out.flush();
        } catch (IOException closed) {
            // Another gateway may be found.
            return;
        }
    }

    @Override
    public void close() throws IOException {
        clock.shutdownNow();
        line.socket.close();
    }
}
