package dev.hearth.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hearth.claim.StoreException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ReachTest {
    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
    private final Reach reach = new Reach(now::get);

    @Test
    void afterAFailureOneNowAndThenFindsOutForAll() {
        assertThat(reach.isThere()).isTrue();
        reach.failed();
        assertThat(reach.isThere()).isFalse();
        now.addAndGet(Reach.PAUSE_NANOS);
        assertThat(reach.isThere()).isTrue();
        assertThat(reach.isThere()).as("another asks already").isFalse();
        now.addAndGet(Reach.PAUSE_NANOS);
        assertThat(reach.isThere()).as("who asked has not come back").isTrue();
        reach.answered();
        assertThat(reach.isThere()).isTrue();
        assertThat(reach.isThere()).isTrue();
    }

    @Test
    void nothingIsAskedOfADatabaseWhoseSchemaIsNotKnown() {
        reach.unprepared();
        assertThat(reach.isThere()).isFalse();
        assertThatThrownBy(reach::refuseUnprepared).isInstanceOf(StoreException.class);
        reach.prepared();
        reach.refuseUnprepared();
        assertThat(reach.isThere()).isTrue();
    }
}
