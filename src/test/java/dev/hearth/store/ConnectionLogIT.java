package dev.hearth.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.claim.ClaimRequest;
import dev.hearth.claim.ConnectionLog;
import dev.hearth.claim.ConnectionLog.Connection;
import dev.hearth.claim.ConnectionLog.Filter;
import dev.hearth.claim.ConnectionLog.Held;
import dev.hearth.claim.EndReason;
import dev.hearth.claim.Session;
import dev.hearth.store.GatewayRegistry.Gateway;
import dev.hearth.testing.postgres.TestDatabase;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ConnectionLogIT {
    private static final String MARK = "{\"face\":\"here\"}";

    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    private final Gateway self = new Gateway("here", UUID.randomUUID());
    private StoreWorld world;
    private UUID pool;

    @BeforeEach
    void open() throws SQLException {
        world = StoreWorld.on(DATABASE).emptied();
        world.passTime(Duration.ZERO);
        pool = world.pool("web", null);
        world.warm(pool, "web", 3);
        renewedForLong();
    }

    /** However long the machine takes: a gateway is dead after 3 s. */
    private void renewedForLong() throws SQLException {
        world.gateways().renew(self);
        world.execute("UPDATE hearth.gateway SET seen_at = seen_at + interval '1 minute'");
    }

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void aSessionIsHeldFromItsConnectionsBeginningToItsEnd() {
        var session = claimed(MARK);
        assertThat(only().connection()).isNull();
        var connection = UUID.randomUUID();
        log().began(session.id(), connection);
        assertThat(connection().id()).isEqualTo(connection);
        assertThat(connection().endedAt()).isNull();
        assertThat(log().last(session.id())).contains(connection());
        log().ended(session.id(), connection, Duration.ZERO);
        assertThat(connection().endedAt()).isEqualTo(connection().startedAt());
        log().ended(session.id(), UUID.randomUUID(), Duration.ZERO);
    }

    @Test
    void anEndThatIsWrittenLateIsAsOfWhenItWas() throws SQLException {
        var session = claimed(MARK);
        var connection = UUID.randomUUID();
        log().began(session.id(), connection);
        world.passTime(Duration.ofMinutes(1));
        log().ended(session.id(), connection, Duration.ofSeconds(7));
        assertThat(Duration.between(
                        connection().startedAt(),
                        Objects.requireNonNull(connection().endedAt())))
                .isEqualTo(Duration.ofSeconds(7));
    }

    @Test
    void noEndIsInTheFutureHoweverFastItsGatewaysClockRuns() {
        var session = claimed(MARK);
        var connection = UUID.randomUUID();
        log().began(session.id(), connection);
        log().ended(session.id(), connection, Duration.ofHours(1));
        assertThat(Duration.between(
                        connection().startedAt(),
                        Objects.requireNonNull(connection().endedAt())))
                .isLessThan(Duration.ofMinutes(1));
    }

    @Test
    void theLastConnectionCounts() throws SQLException {
        var session = claimed(MARK);
        var second = UUID.randomUUID();
        var first = UUID.randomUUID();
        log().began(session.id(), first);
        world.passTime(Duration.ofSeconds(1));
        renewedForLong();
        log().began(session.id(), second);
        log().ended(session.id(), first, Duration.ZERO);
        assertThat(connection().id()).isEqualTo(second);
        assertThat(connection().endedAt()).isNull();
    }

    @Test
    void whatADeadGatewayLeftOpenIsOver() throws SQLException {
        var session = claimed(MARK);
        log().began(session.id(), UUID.randomUUID());
        world.gateways().renew(self);
        world.passTime(Duration.ofSeconds(4));
        assertThat(connection().endedAt()).isNotNull();
        assertThat(log().last(session.id()).orElseThrow().endedAt()).isNotNull();
        renewedForLong();
        assertThat(connection().endedAt()).as("only silent, not dead").isNull();
        world.gateways().renew(new Gateway("here", UUID.randomUUID()));
        assertThat(connection().endedAt()).as("started anew").isNotNull();
    }

    @Test
    void anEndedSessionIsHeldByNobody() {
        var session = claimed(MARK);
        log().began(session.id(), UUID.randomUUID());
        world.stores.sessions().end(session.id(), null, EndReason.IDLE);
        assertThat(connection().endedAt()).isEqualTo(only().session().endedAt());
    }

    @Test
    void listsTheMarkedSessionsOfAProjectLiveOnesFirst() {
        var over = claimed(MARK);
        var live = claimed(MARK);
        claimed("{}");
        world.stores.sessions().end(over.id(), null, EndReason.RELEASED);
        assertThat(ids(new Filter(MARK, null, 10, 0))).containsExactly(live.id(), over.id());
        assertThat(ids(new Filter(MARK, true, 10, 0))).containsExactly(live.id());
        assertThat(ids(new Filter(MARK, false, 10, 0))).containsExactly(over.id());
        assertThat(ids(new Filter(MARK, null, 1, 1))).containsExactly(over.id());
        assertThat(log().list("another", new Filter(MARK, null, 10, 0))).isEmpty();
    }

    @Test
    void keepsConnectionsByTheDay() {
        var session = claimed(MARK);
        world.upkeep().partitions(Duration.ofDays(30));
        log().began(session.id(), UUID.randomUUID());
        assertThat(log().last(session.id())).isPresent();
    }

    private ConnectionLog log() {
        return world.stores.connections(self);
    }

    private Session claimed(String metadata) {
        var request = world.request(pool, StoreWorld.TERMS);
        return world.claimed(new ClaimRequest(
                request.session(), request.project(), request.candidates(), request.zone(), metadata, null));
    }

    private List<UUID> ids(Filter filter) {
        return log().list(project(), filter).stream()
                .map(held -> held.session().id())
                .toList();
    }

    private Held only() {
        return log().list(project(), new Filter(MARK, null, 10, 0)).getFirst();
    }

    private Connection connection() {
        return Objects.requireNonNull(only().connection());
    }

    private String project() {
        return world.request(pool, StoreWorld.TERMS).project();
    }
}
