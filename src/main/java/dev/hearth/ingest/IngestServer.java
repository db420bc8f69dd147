package dev.hearth.ingest;

import static java.util.stream.Collectors.toMap;

import dev.hearth.claim.HeartbeatStore;
import dev.hearth.claim.HeartbeatStore.Fence;
import dev.hearth.claim.HeartbeatStore.Hello;
import dev.hearth.claim.HeartbeatStore.Report;
import dev.hearth.claim.SessionIds;
import dev.hearth.gateway.GatewayMetrics;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;

/** The ingest port: who speaks for which browser, and the lanes on which beats reach the store. Start it once. */
public final class IngestServer implements Speaker.Desk {
    /** To say hello. Longer: strangers hold sockets for nothing. Shorter: agents on starved nodes never get in. */
    private static final long HELLO_MILLIS = TimeUnit.SECONDS.toMillis(10);
    /** Three beats: a line that is silent for longer is dead and its agent has dialled again. */
    private static final int IDLE_SECONDS = 20;

    private final Vertx vertx;
    private final GatewayMetrics metrics;
    private final IngestConfig config;
    private final Doorman doorman;
    private final Pulses pulses;
    private final ConcurrentHashMap<UUID, Speaker> speakers = new ConcurrentHashMap<>();
    private final HeartbeatStore store;
    /** Of each shard its own: a backlog of one that is away takes neither time nor room from the others. */
    private final ConcurrentHashMap<Integer, List<BeatWriter>> lanes = new ConcurrentHashMap<>();

    private final NetServer server;

    public IngestServer(Vertx vertx, HeartbeatStore store, GatewayMetrics metrics, IngestConfig config) {
        this.vertx = vertx;
        this.metrics = metrics;
        this.config = config;
        this.doorman = new Doorman(store);
        this.store = store;
        this.pulses = new Pulses(store, shard -> lanes.getOrDefault(shard, List.of()));
        this.server =
                vertx.createNetServer(new NetServerOptions().setTcpNoDelay(true).setIdleTimeout(IDLE_SECONDS));
        metrics.gauge("hearth.browsers.reporting", speakers, ConcurrentHashMap::size);
        metrics.gauge(
                "hearth.beats.waiting",
                lanes,
                all -> all.values().stream()
                        .flatMap(List::stream)
                        .mapToInt(BeatWriter::waiting)
                        .sum());
    }

    private List<BeatWriter> lanesOfShard() {
        var writers = Math.max(1, config.writers());
        var room = Math.max(1, config.room() / writers);
        var made = Stream.generate(() -> new BeatWriter(store, metrics, config, room, this::written))
                .limit(writers)
                .toList();
        made.forEach(BeatWriter::start);
        return made;
    }

    /** @return the port that it listens on; fails where the address is taken or malformed */
    public Future<Integer> start() {
        var colon = config.listen().lastIndexOf(':');
        if (colon < 1 || !config.listen().substring(colon + 1).matches("[0-9]{1,5}")) {
            return Future.failedFuture(new IllegalArgumentException(
                    "hearth.ingest.listen is '" + config.listen() + "'; it must be address:port"));
        }
        doorman.start();
        pulses.start();
        var host = config.listen().substring(0, colon).replaceAll("^\\[|]$", "");
        return server.connectHandler(this::welcome)
                .listen(Integer.parseInt(config.listen().substring(colon + 1)), host)
                .map(NetServer::actualPort);
    }

    public Future<Void> stop() {
        lanes.values().forEach(ofShard -> ofShard.forEach(BeatWriter::stop));
        doorman.stop();
        pulses.stop();
        return server.close();
    }

    private void welcome(NetSocket socket) {
        var speaker = new Speaker(socket, vertx.getOrCreateContext(), this);
        speaker.start();
        vertx.setTimer(HELLO_MILLIS, _ -> {
            if (!speaker.proved()) {
                speaker.close();
            }
        });
    }

    /** How long beats wait here, by the virtual shard of their region. */
    public Map<Integer, Duration> lags() {
        var longest = new HashMap<Integer, Duration>();
        lanes.values().stream()
                .flatMap(List::stream)
                .forEach(lane -> lane.unheard((browser, waited) -> longest.merge(
                        SessionIds.virtualShard(browser),
                        waited,
                        (one, other) -> one.compareTo(other) >= 0 ? one : other)));
        return longest;
    }

    /** One write to each line for all of its answers: a system call for each would cost more than the beats. */
    private void written(List<Report> batch, List<Fence> fences) {
        var byBrowser = fences.stream().collect(toMap(Fence::browser, Function.identity(), (_, newer) -> newer));
        var answers = new HashMap<Speaker, List<Fence>>();
        for (var report : batch) {
            var speaker = speakers.get(report.browser());
            var fence = byBrowser.get(report.browser());
            if (speaker != null && fence != null) {
                answers.computeIfAbsent(speaker, _ -> new ArrayList<>()).add(fence);
            } else if (speaker != null) {
                speaker.dismiss(report.browser());
                gone(report.browser(), speaker);
            }
        }
        answers.forEach(Speaker::reply);
    }

    @Override
    public Future<Optional<Fence>> admit(Hello hello, Context home) {
        return doorman.admit(hello, home);
    }

    @Override
    public void admitted(UUID browser, Speaker by) {
        speakers.put(browser, by);
        lane(browser).cameIn(browser);
    }

    @Override
    public boolean beat(Report report) {
        metrics.beat();
        return lane(report.browser()).offer(report);
    }

    /** Only if nobody else speaks for it by now: an agent may have dialled again before its old line was seen dead. */
    @Override
    public void gone(UUID browser, Speaker by) {
        if (speakers.remove(browser, by)) {
            lane(browser).forget(browser);
        }
    }

    /** One lane per browser: two batches never hold the same row. */
    private BeatWriter lane(UUID browser) {
        var ofShard = lanes.computeIfAbsent(store.shard(browser), _ -> lanesOfShard());
        return ofShard.get(Math.floorMod(browser.hashCode(), ofShard.size()));
    }
}
