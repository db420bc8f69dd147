package dev.hearth.store;

import dev.hearth.store.bus.BusSettings;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** {@code hearth.store.*}: where Postgres is. Local mode sets it by itself. */
@ConfigMapping(prefix = "hearth.store")
public interface StoreConfig {
    Database control();

    /** Empty: the control database keeps browsers and sessions too. */
    Map<String, Database> shards();

    /** Which shard a region goes to when it is first named. */
    Map<String, String> regions();

    @WithDefault("main")
    String defaultShard();

    @WithDefault("1s")
    Duration connectTimeout();

    @WithDefault("5s")
    Duration socketTimeout();

    @WithDefault("1500ms")
    Duration acquireTimeout();

    Bus bus();

    /** How claims, and endings, that arrive together are grouped: see {@link BusSettings}. */
    interface Bus {
        @WithDefault("4")
        int lanes();

        @WithDefault("64")
        int group();

        @WithDefault("20ms")
        Duration hold();

        @WithDefault("2ms")
        Duration claimPace();

        @WithDefault("6ms")
        Duration endingPace();
    }

    interface Database {
        String url();

        String user();

        String password();

        @WithDefault("16")
        int maxConnections();
    }

    default StoreSettings settings() {
        var timeouts = new DatabaseSettings.Timeouts(connectTimeout(), socketTimeout(), acquireTimeout());
        var databases = new LinkedHashMap<String, DatabaseSettings>();
        shards().forEach((name, database) -> databases.put(name, settings(database, timeouts)));
        return new StoreSettings(
                settings(control(), timeouts),
                databases,
                regions(),
                defaultShard(),
                new BusSettings(bus().lanes(), bus().group(), bus().hold(), bus().claimPace(), bus().endingPace()));
    }

    private static DatabaseSettings settings(Database database, DatabaseSettings.Timeouts timeouts) {
        return new DatabaseSettings(
                database.url(), database.user(), database.password(), database.maxConnections(), timeouts);
    }
}
