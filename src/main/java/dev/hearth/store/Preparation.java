package dev.hearth.store;

import static dev.hearth.telemetry.LogKeys.SHARD;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the schemas of all shards up to date. One that cannot be reached keeps a process from starting only where it is
 * the only one; it is prepared as soon as it is there, and asked nothing before.
 */
final class Preparation implements AutoCloseable {
    private static final Duration BETWEEN_ATTEMPTS = Duration.ofSeconds(1);
    private static final Logger LOG = LoggerFactory.getLogger(Preparation.class);

    private final Map<String, DatabaseSettings> missing;
    private final ArrayList<Thread> threads = new ArrayList<>();

    private Preparation(Map<String, DatabaseSettings> missing) {
        this.missing = missing;
    }

    /** @throws SchemaException where one is there and does not fit, or none is there */
    static Preparation of(Map<String, DatabaseSettings> shards) {
        var missing = new LinkedHashMap<String, DatabaseSettings>();
        shards.forEach((name, database) -> {
            try {
                Migrations.SHARD.apply(database);
            } catch (SchemaException e) {
                missing.put(name, database);
                if (!e.isOutage() || missing.size() == shards.size()) {
                    throw e;
                }
                LOG.atWarn().addKeyValue(SHARD, name).log("started without a shard that cannot be reached");
            }
        });
        return new Preparation(missing);
    }

    /** Goes on until all are prepared. */
    void goOn(Shards shards) {
        for (var shard : shards.all()) {
            var database = missing.get(shard.name());
            if (database != null) {
                shard.reach().unprepared();
                threads.add(Thread.ofVirtual().name("preparation").start(() -> prepare(shard, database)));
            }
        }
    }

    private static void prepare(Shard shard, DatabaseSettings database) {
        try {
            while (true) {
                Thread.sleep(BETWEEN_ATTEMPTS);
                try {
                    Migrations.SHARD.apply(database);
                    shard.reach().prepared();
                    LOG.atInfo().addKeyValue(SHARD, shard.name()).log("the shard is there now");
                    return;
                } catch (SchemaException e) {
                    if (!e.isOutage()) {
                        LOG.atError()
                                .addKeyValue(SHARD, shard.name())
                                .log("the shard does not fit: {}", e.getMessage());
                    }
                }
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        threads.forEach(Thread::interrupt);
    }
}
