package dev.hearth.local.node;

import dev.hearth.local.ChildProcesses;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Probes one run of a container until closed, and says when its readiness changed. */
final class Prober implements AutoCloseable {
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    private final ProbePlan plan;
    private final Target target;
    private final Runnable changed;
    private final Thread thread;
    private volatile ProbeState state = ProbeState.UNKNOWN;

    private Prober(ProbePlan plan, Target target, Runnable changed) {
        this.plan = plan;
        this.target = target;
        this.changed = changed;
        this.thread = Thread.ofVirtual().name("probe " + target.address()).unstarted(this::run);
    }

    /** @param environment of the container: an exec probe runs in it */
    record Target(String address, PathMapping paths, Map<String, String> environment) {}

    static Prober start(ProbePlan plan, Target target, Runnable changed) {
        var prober = new Prober(plan, target, changed);
        prober.thread.start();
        return prober;
    }

    boolean ready() {
        return state.ready();
    }

    private void run() {
        try {
            Thread.sleep(plan.initialDelay());
            while (!Thread.interrupted()) {
                var before = state;
                state = before.after(succeeds(), plan);
                if (state.ready() != before.ready()) {
                    changed.run();
                }
                Thread.sleep(plan.period());
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean succeeds() throws InterruptedException {
        try {
            return switch (plan.check()) {
                case ProbePlan.Check.Http http -> answers(http);
                case ProbePlan.Check.Tcp(int port) -> connects(port);
                case ProbePlan.Check.Exec(var command) -> exitsWithZero(command);
            };
        } catch (IOException | UncheckedIOException failed) {
            return false;
        }
    }

    private boolean answers(ProbePlan.Check.Http http) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(
                        URI.create("http://%s:%d%s".formatted(target.address(), http.port(), http.path())))
                .timeout(plan.timeout());
        http.headers().forEach(request::header);
        int status = HTTP.send(request.build(), HttpResponse.BodyHandlers.discarding())
                .statusCode();
        return status >= 200 && status < 400;
    }

    private boolean connects(int port) throws IOException {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(target.address(), port), (int)
                    plan.timeout().toMillis());
            return true;
        }
    }

    private boolean exitsWithZero(List<String> command) throws InterruptedException {
        var mapped = command.stream().map(target.paths()::apply).toList();
        var process = ChildProcesses.start(
                new ChildProcesses.Spec(mapped, target.environment(), true, null, Path.of("/dev/null"), "KILL"));
        if (process.waitFor(plan.timeout().toMillis(), TimeUnit.MILLISECONDS)) {
            return process.exitValue() == 0;
        }
        ChildProcesses.stop(process, "KILL", Duration.ZERO);
        return false;
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
