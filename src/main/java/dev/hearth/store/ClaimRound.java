package dev.hearth.store;

import dev.hearth.claim.ClaimOutcome;
import dev.hearth.claim.ClaimRequest;
import dev.hearth.claim.Session;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Decides, for one group of requests, who may ask which pool next. Pure: what the pools answered is told to it. Counts
 * what it gave, so that a group exceeds no limit by itself; a request that found nothing gives its place to the next.
 */
final class ClaimRound {
    private final List<Member> members = new ArrayList<>();
    private final Map<String, Quota> projects;
    private final Map<UUID, Quota> pools;

    ClaimRound(List<ClaimRequest> requests, Map<String, Quota> projects, Map<UUID, Quota> pools) {
        requests.forEach(request -> members.add(new Member(request)));
        this.projects = projects;
        this.pools = pools;
    }

    /** Requests that may ask now, each with the pool to ask; empty when nothing more can be given. */
    List<Ask> next() {
        var asks = new ArrayList<Ask>();
        var asking = new HashMap<Object, Integer>();
        for (var member : members) {
            member.skipFullPools();
            var candidate = member.candidate();
            if (candidate == null) {
                continue;
            }
            var project = member.request.project();
            if (quota(projects, project).left() > asking.getOrDefault(project, 0)
                    && quota(pools, candidate.pool()).left() > asking.getOrDefault(candidate.pool(), 0)) {
                asking.merge(project, 1, Integer::sum);
                asking.merge(candidate.pool(), 1, Integer::sum);
                asks.add(new Ask(member.request, candidate));
            }
        }
        return asks;
    }

    /** What came of {@code asks}: the sessions that were made; the others found their pool empty. */
    void answered(List<Ask> asks, Map<UUID, Session> made) {
        for (var ask : asks) {
            var member = member(ask.request());
            var session = made.get(ask.request().session());
            if (session == null) {
                member.candidate++;
                member.foundNone = true;
            } else {
                member.session = session;
                quota(projects, ask.request().project()).take();
                quota(pools, ask.candidate().pool()).take();
            }
        }
    }

    /** One outcome per request, in their order. Without a session: the first reason that another attempt could cure. */
    List<ClaimOutcome> outcomes() {
        return members.stream().map(this::outcome).toList();
    }

    private ClaimOutcome outcome(Member member) {
        if (member.session != null) {
            return new ClaimOutcome.Granted(member.session, false);
        }
        if (member.candidate() != null) {
            return quota(projects, member.request.project()).exceeded(ClaimOutcome.Scope.PROJECT);
        }
        if (member.foundNone || member.fullPool == null) {
            return new ClaimOutcome.NoneWarm(0);
        }
        return member.fullPool.exceeded(ClaimOutcome.Scope.POOL);
    }

    private Member member(ClaimRequest request) {
        return members.stream()
                .filter(member -> member.request == request)
                .findFirst()
                .orElseThrow();
    }

    private static <K> Quota quota(Map<K, Quota> quotas, K key) {
        return Optional.ofNullable(quotas.get(key)).orElseGet(() -> new Quota(0, null, null));
    }

    /** A request and the pool it asks, with the terms it would get there. */
    record Ask(ClaimRequest request, ClaimRequest.Candidate candidate) {}

    private final class Member {
        private final ClaimRequest request;
        private int candidate;
        private boolean foundNone;
        private @Nullable Quota fullPool;
        private @Nullable Session session;

        Member(ClaimRequest request) {
            this.request = request;
        }

        ClaimRequest.@Nullable Candidate candidate() {
            return session == null && candidate < request.candidates().size()
                    ? request.candidates().get(candidate)
                    : null;
        }

        void skipFullPools() {
            for (var next = candidate(); next != null; next = candidate()) {
                var pool = quota(pools, next.pool());
                if (pool.left() > 0) {
                    return;
                }
                fullPool = pool;
                candidate++;
            }
        }
    }
}
