package dev.hearth.telemetry;

/** Keys of structured log fields. A value that is a secret has no key here. */
public final class LogKeys {
    public static final String POOL = "pool";
    public static final String BROWSER = "browser";
    public static final String SESSION = "session";
    public static final String PROJECT = "project";
    public static final String REGION = "region";
    public static final String SHARD = "shard";
    public static final String REASON = "reason";
    public static final String COUNT = "count";

    private LogKeys() {}
}
