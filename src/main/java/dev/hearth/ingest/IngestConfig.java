package dev.hearth.ingest;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** The port that browsers report to. */
@ConfigMapping(prefix = "hearth.ingest")
public interface IngestConfig {
    /** {@code address:port}; port 0 takes a free one. */
    @WithDefault("127.0.0.1:8081")
    String listen();

    /** Which beats are written. */
    @WithDefault("delta")
    IngestMode mode();

    /** Batches in flight at once. More than the store's connections can carry only makes them wait there. */
    @WithDefault("2")
    int writers();

    /** Beats in one batch at most: a backlog is written in batches of that many. */
    @WithDefault("500")
    int batch();

    /** Beats that may wait to be written, one per browser; past it, beats that say nothing new are dropped. */
    @WithDefault("1000000")
    int room();
}
