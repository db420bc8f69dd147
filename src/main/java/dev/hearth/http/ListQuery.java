package dev.hearth.http;

import dev.hearth.claim.EndReason;
import dev.hearth.claim.SessionStore.Filter;
import dev.hearth.gateway.Problem;
import dev.hearth.gateway.Refusal;
import io.vertx.core.MultiMap;
import java.util.Map;
import java.util.Set;

/** The query of {@code GET /v1/sessions}. Pure. */
final class ListQuery {
    private static final int USUAL = 100;
    private static final int MOST = 1000;

    private static final Map<String, Filter> BY_STATUS = Map.of(
            "RUNNING", new Filter(true, null, USUAL),
            "COMPLETED", new Filter(false, EndReason.Ending.COMPLETED, USUAL),
            "TIMED_OUT", new Filter(false, EndReason.Ending.TIMED_OUT, USUAL),
            "ERROR", new Filter(false, EndReason.Ending.ERROR, USUAL),
            // Sessions begin with a browser that is ready: none is ever pending.
            "PENDING", new Filter(true, null, 0));

    private ListQuery() {}

    /** A filter, or why there is none. */
    sealed interface Parsed {
        record Usable(Filter filter) implements Parsed {}

        record Refused(Refusal refusal) implements Parsed {}
    }

    static Parsed parse(MultiMap query) {
        for (var name : query.names()) {
            if (!Set.of("status", "q", "limit").contains(name)
                    || query.getAll(name).size() > 1) {
                return refused("Query parameters here are 'status', 'q' and 'limit', each once.");
            }
        }
        var status = query.get("status");
        var filter = status == null ? new Filter(null, null, USUAL) : BY_STATUS.get(status);
        if (filter == null) {
            return refused("'status' must be RUNNING, COMPLETED, TIMED_OUT, ERROR or PENDING.");
        }
        var limit = query.get("limit");
        if (limit != null
                && !(limit.matches("[0-9]{1,4}") && Integer.parseInt(limit) >= 1 && Integer.parseInt(limit) <= MOST)) {
            return refused("'limit' must be 1…" + MOST + ".");
        }
        var most = limit == null || filter.limit() == 0 ? filter.limit() : Integer.parseInt(limit);
        var metadata = query.get("q");
        if (metadata == null) {
            return new Parsed.Usable(new Filter(filter.live(), filter.ending(), most));
        }
        return switch (MetadataQuery.parse(metadata)) {
            case MetadataQuery.Parsed.Usable(var contained) ->
                new Parsed.Usable(new Filter(filter.live(), filter.ending(), most, contained));
            case MetadataQuery.Parsed.Refused(var refusal) -> new Parsed.Refused(refusal);
        };
    }

    private static Parsed refused(String detail) {
        return new Parsed.Refused(Refusal.of(Problem.QUERY_INVALID, detail));
    }
}
