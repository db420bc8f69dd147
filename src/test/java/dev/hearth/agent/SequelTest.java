package dev.hearth.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.wire.BeatReply;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SequelTest {
    private static final UUID SESSION = new UUID(1, 1);

    private final SessionRecord record = new SessionRecord();

    @Test
    void aBrowserOfOneSessionGoesWithIt() {
        record.adopt(1, SESSION, 0);

        assertThat(once(word(1, SESSION, false))).isEqualTo(Sequel.GOES_ON);
        assertThat(once(word(1, null, true))).isEqualTo(Sequel.IS_OVER);
        assertThat(once(word(1, null, false))).as("no session, no new Chrome").isEqualTo(Sequel.IS_OVER);
    }

    @Test
    void aBrowserOfSeveralIsFreeOnceItsSessionIsOverAndThePodIsNot() {
        record.adopt(1, SESSION, 0);

        assertThat(again(word(1, SESSION, false))).isEqualTo(Sequel.GOES_ON);
        assertThat(again(word(1, null, false))).isEqualTo(Sequel.IS_FREE);
        assertThat(again(word(1, null, true))).as("not known yet").isEqualTo(Sequel.ENDS);
    }

    @Test
    void afterItsSessionAnAnswerToWhatWasSaidSinceDecides() {
        record.adopt(1, SESSION, 0);
        record.endForNow();

        assertThat(sequel(word(1, null, true), true, false)).isEqualTo(Sequel.NOTHING);
        assertThat(sequel(word(1, null, true), true, true)).isEqualTo(Sequel.IS_OVER);
        assertThat(again(word(1, SESSION, false)))
                .as("Postgres has yet to end it")
                .isEqualTo(Sequel.NOTHING);
        assertThat(again(word(1, null, false))).isEqualTo(Sequel.IS_FREE);
    }

    @Test
    void aBrowserThatNobodyCameToIsAsGoodAsNew() {
        record.adopt(0, null, 0);

        assertThat(again(word(1, null, false))).isEqualTo(Sequel.GOES_ON);
        assertThat(again(word(1, null, true))).isEqualTo(Sequel.IS_OVER);
    }

    @Test
    void anAgentThatIsNewToAUsedChromeDoesNotVouchForIt() {
        assertThat(again(word(0, null, false))).as("never used").isEqualTo(Sequel.GOES_ON);
        assertThat(again(word(3, SESSION, false))).as("in use").isEqualTo(Sequel.GOES_ON);
        assertThat(again(word(3, null, false))).isEqualTo(Sequel.IS_UNFIT);
        assertThat(once(word(3, null, false))).isEqualTo(Sequel.GOES_ON);
    }

    @Test
    void nothingIsLearntAfterTheEnd() {
        record.adopt(1, SESSION, 0);
        record.end();

        assertThat(again(word(1, null, false))).isEqualTo(Sequel.NOTHING);
        assertThat(again(word(2, SESSION, false))).isEqualTo(Sequel.NOTHING);
    }

    private Sequel once(BeatReply word) {
        return sequel(word, false, true);
    }

    private Sequel again(BeatReply word) {
        return sequel(word, true, true);
    }

    private Sequel sequel(BeatReply word, boolean servesAgain, boolean answered) {
        return Sequel.of(word, new Sequel.Past(servesAgain, record, answered));
    }

    private static BeatReply word(long epoch, @Nullable UUID session, boolean ended) {
        return new BeatReply(new UUID(0, 1), 1, epoch, session, session == null ? -1 : 60_000, 0, 0, ended);
    }
}
