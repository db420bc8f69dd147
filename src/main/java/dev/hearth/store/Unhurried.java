package dev.hearth.store;

/**
 * Work whose transactions last as long as it has rows: a region's copy, a new schema. The server's limits, made for everybody
 * else's forgotten transactions, would cut it off each time it is tried.
 */
final class Unhurried {
    /** Older servers know fewer of them. */
    static final String LIFT_LIMITS = """
            SELECT /* unhurried.lift-limits */ set_config(name, '0', false)
              FROM pg_settings
             WHERE name IN ('transaction_timeout', 'statement_timeout', 'idle_in_transaction_session_timeout')
            """;

    private Unhurried() {}
}
