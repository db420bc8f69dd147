package dev.hearth.agent;

import dev.hearth.wire.Grant;
import java.util.List;

/**
 * Decides who gets the browser. Pure, and the last fence there is: what Postgres and the gateways believe counts only as
 * far as the grant says it. The grant's signature, pod and expiry were checked before.
 */
final class Arbiter {
    private Arbiter() {}

    static Verdict decide(Standing standing, Route route, Grant grant) {
        if (standing.ended()) {
            return Verdict.refuse(false, 409, "session ended");
        }
        if (!route.allowed().contains(grant.kind())) {
            return Verdict.refuse(false, 403, "a grant of kind " + grant.kind() + " does not allow this");
        }
        if (!standing.welcomed()) {
            return Verdict.refuse(false, 503, "this agent has not been told its epoch yet");
        }
        if (grant.epoch() < standing.epoch()) {
            return Verdict.refuse(false, 409, "a newer epoch holds this browser");
        }
        if (grant.epoch() > standing.epoch()) {
            return new Verdict(true, answer(standing, List.of(), route, grant));
        }
        if (!grant.session().equals(standing.session())) {
            return Verdict.refuse(false, 409, "this epoch belongs to another session");
        }
        return new Verdict(false, answer(standing, standing.holders(), route, grant));
    }

    private static Verdict.Answer answer(Standing standing, List<Standing.Holder> holders, Route route, Grant grant) {
        return switch (route) {
            case Route.Leave _, Route.End _ -> new Verdict.Answer.Admit(List.of());
            case Route.PageSocket _, Route.Document _, Route.Change _, Route.Frontend _, Route.BrowserSocket _
            when !standing.chromeReady() -> new Verdict.Answer.Refuse(503, "Chrome does not answer");
            case Route.PageSocket _, Route.Document _, Route.Change _, Route.Frontend _ ->
                new Verdict.Answer.Admit(List.of());
            case Route.BrowserSocket _ -> hold(holders, grant);
        };
    }

    /** An exclusive client suffers nobody beside it, a shared one only other shared ones. */
    private static Verdict.Answer hold(List<Standing.Holder> holders, Grant grant) {
        if (holders.stream().anyMatch(holder -> holder.connection().equals(grant.connection()))) {
            return new Verdict.Answer.Refuse(409, "this grant is in use");
        }
        var inTheWay = holders.stream()
                .filter(holder -> grant.exclusive() || holder.exclusive())
                .toList();
        if (inTheWay.isEmpty() || grant.kind() == Grant.Kind.TAKEOVER) {
            return new Verdict.Answer.Admit(
                    inTheWay.stream().map(Standing.Holder::connection).toList());
        }
        return new Verdict.Answer.Busy(
                inTheWay.stream().mapToLong(Standing.Holder::heldMillis).max().orElse(0));
    }
}
