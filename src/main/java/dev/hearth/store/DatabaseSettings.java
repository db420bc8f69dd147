package dev.hearth.store;

import java.time.Duration;

/**
 * How one database is reached.
 *
 * @param maxConnections of this process; times the processes it must stay below the server's {@code max_connections}
 */
public record DatabaseSettings(String url, String user, String password, int maxConnections, Timeouts timeouts) {

    public DatabaseSettings {
        if (!url.startsWith("jdbc:postgresql:")) {
            throw new IllegalArgumentException("the database's url must start with jdbc:postgresql:");
        }
        if (maxConnections < 1) {
            throw new IllegalArgumentException("max-connections is " + maxConnections + ", needs at least 1");
        }
    }

    public static DatabaseSettings of(String url, String user, String password) {
        return new DatabaseSettings(url, user, password, 16, Timeouts.DEFAULT);
    }

    @Override
    public String toString() {
        return "DatabaseSettings[url=" + url + ", user=" + user + "]";
    }

    /**
     * @param connect until the other side takes the connection; longer: a lost database is noticed late. To log in may take
     *     as long as {@code acquire}: a busy database takes a connection at once, and logs in late
     * @param socket without an answer to a statement; never none, or a dead peer holds a connection for good
     * @param acquire waiting for a connection of the pool; what a claim waits at most before it is refused. Longer: a claim
     *     without a database is not refused within two seconds
     */
    public record Timeouts(Duration connect, Duration socket, Duration acquire) {
        public static final Timeouts DEFAULT =
                new Timeouts(Duration.ofSeconds(1), Duration.ofSeconds(5), Duration.ofMillis(1_500));

        public Timeouts {
            if (connect.toSeconds() < 1 || socket.toSeconds() < 1 || !acquire.isPositive()) {
                throw new IllegalArgumentException("database timeouts must be at least 1s");
            }
        }
    }
}
