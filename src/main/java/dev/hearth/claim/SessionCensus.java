package dev.hearth.claim;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Sessions as they stand, whoever's they are: for whoever keeps account of them, not for clients. */
public interface SessionCensus {
    /** All live sessions on browsers of these pools. */
    List<Session> live(Set<UUID> pools);

    /** Live or ended, as long as history is kept. */
    Map<UUID, Session> byIds(Set<UUID> sessions);
}
