package dev.hearth.pool;

import java.time.Duration;

/**
 * How many unclaimed browsers a pool keeps that follows its use.
 *
 * @param least kept while nobody has a session, too
 * @param spare percent of the pool's browsers that are to be unclaimed, below 100
 * @param calm how long what was needed stays needed: browsers that end and come again a minute later were a waste
 */
public record Scaling(int least, int most, int spare, Duration calm) {
    /** Of the browsers there are to be, not of the claimed ones: a quarter spare is one beside three. */
    int wanted(int claimed) {
        return (int) Math.clamp(Math.ceilDiv((long) claimed * spare, 100L - spare), least, most);
    }
}
