package dev.hearth.bench;

import dev.hearth.bench.fleet.Latencies;
import dev.hearth.bench.fleet.Slices;
import java.io.IOException;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;

/** How many beats a second the database takes one way, as fast as a few writers can: the same fleet for each way. */
final class StoreCell {
    private final String name;
    private final int writers;
    private final Way way;
    private final List<Double> rates = new ArrayList<>();
    private final List<Double> cpu = new ArrayList<>();
    private final Latencies latencies = new Latencies();

    private StoreCell(String name, int writers, Way way) {
        this.name = name;
        this.writers = writers;
        this.way = way;
    }

    /** A way of writing beats: opened once by each writer. */
    private interface Way {
        Writer open(HeartbeatWorld world, Slices slices) throws SQLException;
    }

    private interface Writer extends AutoCloseable {
        /** Returns how many beats it wrote. */
        int write() throws SQLException;

        @Override
        default void close() throws SQLException {}
    }

    static StoreCell batches(int beats) {
        return new StoreCell("batches of " + beats, 2, (world, slices) -> () -> {
            world.stores().heartbeats().record(slices.reports(beats));
            return beats;
        });
    }

    static final String CONTAINERS = """
            CREATE TABLE IF NOT EXISTS container (id uuid PRIMARY KEY, status text NOT NULL, updated_at timestamptz NOT NULL);
            TRUNCATE container;
            INSERT INTO container SELECT id, 'idle', now() FROM hearth.browser
            """;

    /** As the seeds' arithmetic has it: one UPDATE and one commit for each beat. */
    static StoreCell rows(int connections) {
        return new StoreCell("row by row, %d connections".formatted(connections), connections, RowWriter::new);
    }

    private static final class RowWriter implements Writer {
        private final java.sql.Connection connection;
        private final java.sql.PreparedStatement update;
        private final Slices slices;

        RowWriter(HeartbeatWorld world, Slices slices) throws SQLException {
            var database = world.database();
            this.connection = DriverManager.getConnection(database.url(), database.user(), database.password());
            this.update = connection.prepareStatement(
                    "UPDATE container SET status = 'idle', updated_at = now() WHERE id = ?");
            this.slices = slices;
        }

        @Override
        public int write() throws SQLException {
            update.setObject(1, slices.browser());
            return update.executeUpdate();
        }

        @Override
        public void close() throws SQLException {
            connection.close();
        }
    }

    void run(HeartbeatWorld world, int browsers, long nanos)
            throws InterruptedException, ExecutionException, IOException {
        var cpuBefore = world.postgresCpu();
        var written = 0L;
        try (var threads = Executors.newFixedThreadPool(writers)) {
            var tasks = new ArrayList<Callable<Long>>();
            for (var n = 0; n < writers; n++) {
                var slices = new Slices(n, writers, browsers);
                tasks.add(() -> write(world, slices, nanos));
            }
            for (var task : threads.invokeAll(tasks)) {
                written += task.get();
            }
        }
        rates.add(written / (nanos / 1e9));
        cpu.add((world.postgresCpu() - cpuBefore) / written);
    }

    private long write(HeartbeatWorld world, Slices slices, long nanos) throws SQLException {
        var mine = new Latencies();
        var written = 0L;
        try (var writer = way.open(world, slices)) {
            var end = System.nanoTime() + nanos;
            for (var now = System.nanoTime(); now < end; ) {
                written += writer.write();
                var done = System.nanoTime();
                mine.add(done - now);
                now = done;
            }
        }
        synchronized (this) {
            latencies.add(mine);
        }
        return written;
    }

    static final String HEAD = """
            | way | beats/s | P50 ms | P95 ms | Postgres, µs a beat |
            |---|---:|---:|---:|---:|""";

    String row() {
        return String.format(
                Locale.ROOT,
                "| %s | %s | %.2f | %.2f | %s |",
                name,
                over(rates).text("%.0f"),
                latencies.quantile(0.5),
                latencies.quantile(0.95),
                over(cpu).text("%.1f"));
    }

    private static Spread over(List<Double> rounds) {
        return Spread.of(rounds.stream().mapToDouble(Double::doubleValue));
    }
}
