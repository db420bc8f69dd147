package dev.hearth.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.hearth.claim.StoreException;
import dev.hearth.claim.StoreException.Kind;
import java.lang.reflect.Proxy;
import java.net.SocketTimeoutException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** Work on connections of which the pool does not know yet that they are dead. */
class SqlTest {
    private static final int CONNECTIONS = 3;

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
    private final AtomicInteger attempts = new AtomicInteger();
    private final Sql sql = new Sql(pool(), new Reach(), CONNECTIONS, now::get);

    @Test
    void isBegunAnewUntilAllDeadOnesAreGoneThoughTheProcessStoodStillMeanwhile() {
        assertThat(sql.inTransaction(failing(CONNECTIONS, new SQLException("shut down", "57P01"))))
                .isEqualTo("done");
    }

    @Test
    void isRefusedOnceNoConnectionCanHaveBeenDeadAlready() {
        refused(new SQLException("cut", "08006"), CONNECTIONS + 1);
    }

    @Test
    void isRefusedAtOnceWhereAnAttemptItselfTookLong() {
        refused(new SQLException("no answer", "08006", new SocketTimeoutException()), 1);
        refused(new SQLException("transaction timeout", "25P04"), 1);
    }

    @Test
    void aDatabaseIsAwayWhereNobodyReachesItAndNotWhereItIsBusyOrCutOneConnection() {
        assertThat(refused(new SQLException("no answer", "08006", new SocketTimeoutException()), 1)
                        .isAway())
                .isTrue();
        assertThat(refused(new SQLException("no lock in time", "55P03"), 1).isAway())
                .isFalse();
        assertThat(refused(new SQLException("transaction timeout", "25P04"), 1).isAway())
                .isFalse();
    }

    private StoreException refused(SQLException failure, int after) {
        attempts.set(0);
        var refusal = catchThrowableOfType(
                StoreException.class, () -> sql.inTransaction(failing(Integer.MAX_VALUE, failure)));
        assertThat(refusal.kind()).isEqualTo(Kind.UNAVAILABLE);
        assertThat(attempts).hasValue(after);
        return refusal;
    }

    /** Each attempt takes longer than work is begun anew. */
    private Sql.Work<String> failing(int times, SQLException failure) {
        return _ -> {
            now.addAndGet(Duration.ofSeconds(2).toNanos());
            if (attempts.incrementAndGet() <= times) {
                throw failure;
            }
            return "done";
        };
    }

    private static DataSource pool() {
        var connection = answering(Connection.class, "none");
        return answering(DataSource.class, connection);
    }

    /** To every call. */
    private static <T> T answering(Class<T> type, Object answer) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (_, called, _) -> called.getReturnType().isInstance(answer) ? answer : null));
    }
}
