package dev.hearth.store;

import dev.hearth.claim.StoreException;
import io.agroal.api.AgroalDataSource;
import io.agroal.api.cache.ConnectionCache;
import io.agroal.api.configuration.supplier.AgroalConnectionFactoryConfigurationSupplier;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import io.agroal.api.exceptionsorter.PostgreSQLExceptionSorter;
import io.agroal.api.security.NamePrincipal;
import io.agroal.api.security.SimplePassword;
import java.sql.SQLException;
import java.time.Duration;

/** The connections of this process to one schema of one database. Closing it closes them. */
final class Database implements AutoCloseable {
    private static final String PLANS = "-c plan_cache_mode=force_generic_plan -c jit=off"
            + " -c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c enable_material=off";

    private final AgroalDataSource connections;
    private final Reach reach = new Reach();
    private final Sql sql;

    private Database(AgroalDataSource connections, int maxConnections) {
        this.connections = connections;
        this.sql = new Sql(connections, reach, maxConnections);
    }

    /** Opens without connecting: a database that is away is found out by its first use. */
    static Database open(DatabaseSettings settings, String schema) {
        var configuration = new AgroalDataSourceConfigurationSupplier()
                .metricsEnabled(false)
                .connectionPoolConfiguration(pool -> pool.maxSize(settings.maxConnections())
                        .acquisitionTimeout(settings.timeouts().acquire())
                        .exceptionSorter(new PostgreSQLExceptionSorter())
                        // Callers are virtual threads: a cache per thread would never be hit.
                        .connectionCache(ConnectionCache.none())
                        .reapTimeout(Duration.ofMinutes(5))
                        .connectionFactoryConfiguration(factory -> connection(factory, settings, schema)));
        try {
            return new Database(AgroalDataSource.from(configuration), settings.maxConnections());
        } catch (SQLException e) {
            throw new StoreException(StoreException.Kind.UNAVAILABLE, "the database cannot be set up", e);
        }
    }

    Sql sql() {
        return sql;
    }

    Reach reach() {
        return reach;
    }

    @Override
    public void close() {
        connections.close();
    }

    private static AgroalConnectionFactoryConfigurationSupplier connection(
            AgroalConnectionFactoryConfigurationSupplier factory, DatabaseSettings settings, String schema) {
        var timeouts = settings.timeouts();
        return factory.jdbcUrl(settings.url())
                .principal(new NamePrincipal(settings.user()))
                .credential(new SimplePassword(settings.password()))
                .jdbcProperty("currentSchema", schema)
                .jdbcProperty("ApplicationName", "hearth")
                .jdbcProperty("connectTimeout", Long.toString(timeouts.connect().toSeconds()))
                .jdbcProperty(
                        "loginTimeout",
                        Long.toString(timeouts.acquire().plusMillis(999).toSeconds()))
                .jdbcProperty("socketTimeout", Long.toString(timeouts.socket().toSeconds()))
                .jdbcProperty("tcpKeepAlive", "true")
                // Of several hosts in the URL: which one was no primary is forgotten after a second, not after ten.
                .jdbcProperty("hostRecheckSeconds", "1")
                // Every statement here runs often: prepare on the server at its second use,
                .jdbcProperty("prepareThreshold", "2")
                // and plan it once, whatever its arguments: else the claim is planned anew each time (adr/0005),
                // and by its indexes, however small its tables were at that moment (adr/0013).
                .jdbcProperty("options", PLANS);
    }
}
