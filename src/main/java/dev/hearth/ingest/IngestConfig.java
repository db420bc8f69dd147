package dev.hearth.ingest;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** The port that browsers report to. */
@ConfigMapping(prefix = "hearth.ingest")
public interface IngestConfig {
    /** {@code address:port}; port 0 takes a free one. */
    @WithDefault("127.0.0.1:8081")
    String listen();

    /** Batches in flight at once. More than the store's connections can carry only makes them wait there. */
    @WithDefault("2")
    int writers();
}
