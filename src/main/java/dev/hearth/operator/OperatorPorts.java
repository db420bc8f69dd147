package dev.hearth.operator;

import dev.hearth.claim.ClaimStore;
import dev.hearth.claim.Directory;
import dev.hearth.claim.SessionStore;
import dev.hearth.pool.SupplyStore;

/** What the operator needs of the rest of Hearth. */
public record OperatorPorts(
        SupplyStore supply, ClaimStore claims, SessionStore sessions, Directory directory, ConnectUrls urls) {}
