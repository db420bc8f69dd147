package dev.hearth.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hearth.wire.Grant;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ArbiterTest {
    private static final UUID OURS = new UUID(0, 1);
    private static final UUID OTHER = new UUID(0, 2);
    private static final UUID HOLDER = new UUID(1, 1);
    private static final Route BROWSER = new Route.BrowserSocket();
    private static final Route PAGE = new Route.PageSocket("A1");

    /** What is under test, so that the same table can be held against variants that forget something. */
    interface Decision {
        Verdict decide(Standing standing, Route route, Grant grant);
    }

    private record Row(String name, Standing standing, Route route, Grant grant, String outcome) {}

    private static final List<Row> TABLE = List.of(
            new Row("first client", free(), BROWSER, client(5, true), "admit"),
            new Row("page socket", free(), PAGE, client(5, true), "admit"),
            new Row("viewer of a page", held(true), PAGE, grant(Grant.Kind.VIEWER, 5, OURS, false), "admit"),
            new Row("viewer as client", free(), BROWSER, grant(Grant.Kind.VIEWER, 5, OURS, false), "refuse 403"),
            new Row("client ends", free(), new Route.End(), client(5, true), "refuse 403"),
            new Row("end", held(true), new Route.End(), grant(Grant.Kind.END, 5, OURS, true), "admit"),
            new Row(
                    "end of an older epoch",
                    held(true),
                    new Route.End(),
                    grant(Grant.Kind.END, 4, OURS, true),
                    "refuse 409"),
            new Row("leave", held(true), new Route.Leave(), grant(Grant.Kind.LEAVE, 5, OURS, true), "admit"),
            new Row("older epoch", free(), BROWSER, client(4, true), "refuse 409"),
            new Row("higher epoch", held(true), BROWSER, grant(Grant.Kind.CLIENT, 6, OTHER, true), "hands over, admit"),
            new Row(
                    "same epoch, other session",
                    free(),
                    BROWSER,
                    grant(Grant.Kind.CLIENT, 5, OTHER, true),
                    "refuse 409"),
            new Row("not welcomed", standing(false, false, true, List.of()), BROWSER, client(9, true), "refuse 503"),
            new Row(
                    "not welcomed, end",
                    standing(false, false, true, List.of()),
                    new Route.End(),
                    grant(Grant.Kind.END, 9, OURS, true),
                    "refuse 503"),
            new Row("ended", standing(true, true, true, List.of()), BROWSER, client(9, true), "refuse 409"),
            new Row(
                    "chrome not ready",
                    standing(true, false, false, List.of()),
                    BROWSER,
                    client(5, true),
                    "refuse 503"),
            new Row(
                    "higher epoch, chrome not ready",
                    standing(true, false, false, List.of()),
                    BROWSER,
                    grant(Grant.Kind.CLIENT, 6, OTHER, true),
                    "hands over, refuse 503"),
            new Row(
                    "end, chrome not ready",
                    standing(true, false, false, List.of()),
                    new Route.End(),
                    grant(Grant.Kind.END, 5, OURS, true),
                    "admit"),
            new Row("exclusive and held", held(true), BROWSER, client(5, true), "busy 70"),
            new Row("shared beside exclusive", held(true), BROWSER, client(5, false), "busy 70"),
            new Row("exclusive beside shared", held(false), BROWSER, client(5, true), "busy 70"),
            new Row("shared beside shared", held(false), BROWSER, client(5, false), "admit"),
            new Row("take-over", held(true), BROWSER, grant(Grant.Kind.TAKEOVER, 5, OURS, true), "admit, puts out 1"),
            new Row("take-over of nobody", free(), BROWSER, grant(Grant.Kind.TAKEOVER, 5, OURS, true), "admit"),
            new Row(
                    "take-over by an older epoch",
                    held(true),
                    BROWSER,
                    grant(Grant.Kind.TAKEOVER, 4, OURS, true),
                    "refuse 409"),
            new Row(
                    "same grant twice",
                    held(false),
                    BROWSER,
                    new Grant(Grant.Kind.CLIENT, "pod", OURS, 5, HOLDER, Instant.EPOCH, false),
                    "refuse 409"));

    @Test
    void decidesByTheTable() {
        check(Arbiter::decide);
    }

    @Test
    void theTableCatchesAnArbiterThatForgetsEpochs() {
        assertCaught((standing, route, grant) -> Arbiter.decide(
                standing,
                route,
                new Grant(
                        grant.kind(),
                        grant.podUid(),
                        OURS,
                        standing.epoch(),
                        grant.connection(),
                        grant.expiresAt(),
                        grant.exclusive())));
    }

    @Test
    void theTableCatchesAnArbiterThatForgetsWhoHolds() {
        assertCaught((standing, route, grant) -> Arbiter.decide(
                new Standing(
                        standing.welcomed(),
                        standing.ended(),
                        standing.chromeReady(),
                        standing.epoch(),
                        standing.session(),
                        List.of()),
                route,
                grant));
    }

    @Test
    void theTableCatchesAnArbiterThatObeysBeforeItIsWelcomed() {
        assertCaught((standing, route, grant) -> Arbiter.decide(
                new Standing(
                        true,
                        standing.ended(),
                        standing.chromeReady(),
                        standing.epoch(),
                        standing.session(),
                        standing.holders()),
                route,
                grant));
    }

    private static void assertCaught(Decision mutant) {
        assertThatThrownBy(() -> check(mutant)).isInstanceOf(AssertionError.class);
    }

    private static void check(Decision decision) {
        for (var row : TABLE) {
            assertThat(words(decision.decide(row.standing(), row.route(), row.grant())))
                    .as(row.name())
                    .isEqualTo(row.outcome());
        }
    }

    private static String words(Verdict verdict) {
        return (verdict.handsOver() ? "hands over, " : "")
                + switch (verdict.answer()) {
                    case Verdict.Answer.Admit(var putOut) ->
                        putOut.isEmpty() ? "admit" : "admit, puts out " + putOut.size();
                    case Verdict.Answer.Busy(var millis) -> "busy " + millis;
                    case Verdict.Answer.Refuse(var status, var _) -> "refuse " + status;
                };
    }

    private static Standing free() {
        return standing(true, false, true, List.of());
    }

    private static Standing held(boolean exclusively) {
        return standing(true, false, true, List.of(new Standing.Holder(HOLDER, exclusively, 70)));
    }

    private static Standing standing(boolean welcomed, boolean ended, boolean ready, List<Standing.Holder> holders) {
        return new Standing(welcomed, ended, ready, 5, OURS, holders);
    }

    private static Grant client(long epoch, boolean exclusive) {
        return grant(Grant.Kind.CLIENT, epoch, OURS, exclusive);
    }

    private static Grant grant(Grant.Kind kind, long epoch, UUID session, boolean exclusive) {
        return new Grant(kind, "pod", session, epoch, UUID.randomUUID(), Instant.EPOCH, exclusive);
    }
}
