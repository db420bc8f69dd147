package dev.hearth.pool;

/**
 * One condition of a pool, without the times that Kubernetes adds.
 *
 * @param type {@code Ready}, {@code Available}, {@code Progressing} or {@code Degraded}
 */
public record PoolCondition(String type, boolean holds, String reason, String message) {}
