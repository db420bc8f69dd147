package dev.hearth.local.node;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;

/** The part of a kubelet's API that {@code kubectl logs} needs, on 127.0.0.1 only. */
final class LogServer implements AutoCloseable {
    private final HttpsServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Source source;

    private LogServer(HttpsServer server, Source source) {
        this.server = server;
        this.source = source;
    }

    /** Finds a container's newest log; empty where it has none. */
    interface Source {
        Optional<Log> find(LogRequest request);
    }

    /** @param live whether more may come */
    record Log(LogFile file, BooleanSupplier live) {}

    static LogServer start(Path directory, Source source) {
        try {
            var server = HttpsServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
            server.setHttpsConfigurator(new HttpsConfigurator(ServingCertificate.create(directory)));
            var logs = new LogServer(server, source);
            server.createContext("/", logs::handle);
            server.setExecutor(logs.threads);
            server.start();
            return logs;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot serve logs on 127.0.0.1", e);
        }
    }

    int port() {
        return server.getAddress().getPort();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            var uri = exchange.getRequestURI();
            switch (LogRequest.parse(uri.getPath(), Objects.requireNonNullElse(uri.getQuery(), ""))) {
                case LogRequest.Parsed.Refused(var why) -> answer(exchange, 400, why);
                case LogRequest.Parsed.Valid(var request) -> {
                    var log = source.find(request);
                    if (log.isEmpty()) {
                        answer(
                                exchange,
                                404,
                                "container %s of pod %s/%s has no log here"
                                        .formatted(request.container(), request.namespace(), request.pod()));
                    } else {
                        stream(exchange, request, log.get());
                    }
                }
            }
        }
    }

    private static void stream(HttpExchange exchange, LogRequest request, Log log) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "text/plain");
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream body = exchange.getResponseBody()) {
            new LogStream(log, request, body).copy();
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
