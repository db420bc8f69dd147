package dev.hearth.operator;

import dev.hearth.claim.ClaimStore;
import dev.hearth.claim.Directory;
import dev.hearth.claim.SessionCensus;
import dev.hearth.claim.SessionStore;
import dev.hearth.pool.SupplyStore;
import java.util.function.ToIntFunction;

/**
 * What the operator needs of the rest of Hearth.
 *
 * @param virtualShard what the ids of a region's sessions carry; the same for a region for ever
 */
public record OperatorPorts(
        SupplyStore supply,
        ClaimStore claims,
        SessionStore sessions,
        SessionCensus census,
        Directory directory,
        ConnectUrls urls,
        ToIntFunction<String> virtualShard) {}
