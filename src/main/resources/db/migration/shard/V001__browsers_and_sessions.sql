-- Time as deadlines know it. The offset exists for tests alone: ALTER DATABASE … SET hearth.time_offset = '5 minutes'.
CREATE FUNCTION hearth_now() RETURNS timestamptz
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT clock_timestamp() + coalesce(nullif(current_setting('hearth.time_offset', true), ''), '0')::interval $$;

-- One row per slot of a pool: wanted, running or on its way out. The one durable table that feeds the claim.
-- No column that changes with time is indexed, so that beats and state changes stay on their pages.
CREATE TABLE browser (
    id         uuid PRIMARY KEY,
    pool_id    uuid        NOT NULL,
    namespace  text        NOT NULL,
    pool       text        NOT NULL,
    region     text        NOT NULL,
    zone       text,
    pod_name   text        NOT NULL,
    pod_uid    text,
    address    text,
    state      text        NOT NULL DEFAULT 'STARTING' CHECK (state IN ('STARTING', 'WARM', 'CLAIMED', 'RETIRING', 'FAILED')),
    claimable  boolean     NOT NULL DEFAULT false,
    healthy    boolean     NOT NULL DEFAULT true,
    stale      boolean     NOT NULL DEFAULT false,
    spread     double precision NOT NULL DEFAULT random(),
    revision   text        NOT NULL,
    epoch      bigint      NOT NULL DEFAULT 0,
    session_id uuid,
    token_hash bytea       NOT NULL,
    failure    text,
    created_at timestamptz NOT NULL DEFAULT hearth_now(),
    changed_at timestamptz NOT NULL DEFAULT hearth_now(),
    UNIQUE (namespace, pod_name),
    CHECK (NOT claimable OR (state = 'WARM' AND pod_uid IS NOT NULL AND address IS NOT NULL)),
    CHECK ((state = 'CLAIMED') = (session_id IS NOT NULL))
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_cost_delay = 0);

CREATE INDEX browser_claimable ON browser (pool_id, stale, spread) WHERE claimable;
-- The same for a claim that prefers a zone: without it a zone that ran dry would be searched row by row.
CREATE INDEX browser_claimable_zone ON browser (pool_id, zone, stale, spread) WHERE claimable AND zone IS NOT NULL;
CREATE INDEX browser_pool ON browser (pool_id);
-- Warm but silent or sick: few rows, asked for each second.
CREATE INDEX browser_muted ON browser (id) WHERE state = 'WARM' AND NOT claimable;
-- The last guard: no two browsers in one session, and (below) no two sessions on one browser.
CREATE UNIQUE INDEX browser_session ON browser (session_id) WHERE session_id IS NOT NULL;

-- Live sessions only: a session that ends moves to its history. Each reason to end has a deadline of its own,
-- so that the sweep knows which one was due; the earliest of them is indexed.
CREATE TABLE session (
    id            uuid PRIMARY KEY,
    project       text        NOT NULL,
    pool_id       uuid        NOT NULL,
    namespace     text        NOT NULL,
    pool          text        NOT NULL,
    region        text        NOT NULL,
    zone          text,
    browser_id    uuid        NOT NULL,
    pod_name      text        NOT NULL,
    pod_uid       text        NOT NULL,
    address       text        NOT NULL,
    epoch         bigint      NOT NULL,
    timeout_ms    bigint      NOT NULL CHECK (timeout_ms > 0),
    idle_ms       bigint CHECK (idle_ms > 0),
    connect_ms    bigint      NOT NULL,
    reconnect_ms  bigint      NOT NULL,
    keep_alive    boolean     NOT NULL,
    connections   text        NOT NULL CHECK (connections IN ('EXCLUSIVE', 'SHARED')),
    metadata      text        NOT NULL,
    started_at    timestamptz NOT NULL,
    updated_at    timestamptz NOT NULL,
    expires_at    timestamptz NOT NULL,
    connect_by    timestamptz,
    idle_by       timestamptz,
    reconnect_by  timestamptz,
    thaw_by       timestamptz,
    next_deadline timestamptz NOT NULL
        GENERATED ALWAYS AS (LEAST(expires_at, connect_by, idle_by, reconnect_by, thaw_by)) STORED
) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_cost_delay = 0);

CREATE UNIQUE INDEX session_browser ON session (browser_id);
CREATE INDEX session_deadline ON session (next_deadline);
CREATE INDEX session_project ON session (project, started_at);

CREATE TABLE session_history (
    id           uuid        NOT NULL,
    project      text        NOT NULL,
    pool_id      uuid        NOT NULL,
    namespace    text        NOT NULL,
    pool         text        NOT NULL,
    region       text        NOT NULL,
    zone         text,
    browser_id   uuid        NOT NULL,
    pod_name     text        NOT NULL,
    pod_uid      text        NOT NULL,
    address      text        NOT NULL,
    epoch        bigint      NOT NULL,
    timeout_ms   bigint      NOT NULL,
    idle_ms      bigint,
    connect_ms   bigint      NOT NULL,
    reconnect_ms bigint      NOT NULL,
    keep_alive   boolean     NOT NULL,
    connections  text        NOT NULL,
    metadata     text        NOT NULL,
    started_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL,
    ended_at     timestamptz NOT NULL,
    end_reason   text        NOT NULL
) PARTITION BY RANGE (ended_at);

CREATE INDEX session_history_id ON session_history (id);
CREATE INDEX session_history_project ON session_history (project, ended_at);
-- A day whose partition was not made in time lands here: late upkeep never fails an ending.
CREATE TABLE session_history_default PARTITION OF session_history DEFAULT;

-- Which session a client's Idempotency-Key made. Uniqueness across the days' partitions is held by an advisory lock on
-- (project, key), taken before anything else in the claim's transaction.
CREATE TABLE idempotency (
    project     text        NOT NULL,
    key         text        NOT NULL,
    fingerprint bytea       NOT NULL,
    session_id  uuid        NOT NULL,
    created_at  timestamptz NOT NULL
) PARTITION BY RANGE (created_at);

CREATE INDEX idempotency_key ON idempotency (project, key);
CREATE TABLE idempotency_default PARTITION OF idempotency DEFAULT;

-- Live sessions per project and per pool: the sum over the stripes. Claims lock stripe 0, so that they see each other;
-- endings take from stripes 1 … 8, so that they wait for no claim. A claim that misses an ending under way counts too
-- much, never too little. Limits are mirrored from the control database, where a claim could not read them.
CREATE TABLE project_counter (
    project    text     NOT NULL,
    stripe     smallint NOT NULL,
    live       bigint   NOT NULL DEFAULT 0,
    live_limit integer,
    PRIMARY KEY (project, stripe)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_cost_delay = 0);

CREATE TABLE pool_counter (
    pool_id    uuid     NOT NULL,
    stripe     smallint NOT NULL,
    live       bigint   NOT NULL DEFAULT 0,
    live_limit integer,
    PRIMARY KEY (pool_id, stripe)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_cost_delay = 0);

-- The newest beat of each browser. Unlogged: after a crash it is empty, which means grace and never death. No foreign
-- key and no index on a time, so that a beat is one update in place.
CREATE UNLOGGED TABLE liveness (
    browser_id uuid PRIMARY KEY,
    sequence   bigint      NOT NULL,
    seen_at    timestamptz NOT NULL,
    active_at  timestamptz NOT NULL
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_cost_delay = 0);

-- When the sweep last ran, by the true clock. After a pause nothing that beats could have prevented is due for a while.
CREATE UNLOGGED TABLE sweep (
    only_row    boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    swept_at    timestamptz NOT NULL,
    grace_until timestamptz NOT NULL
);

-- The operator's fencing number: writes under an older one do nothing.
CREATE TABLE leader (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    identity text        NOT NULL,
    epoch    bigint      NOT NULL,
    since    timestamptz NOT NULL
);

INSERT INTO leader (identity, epoch, since) VALUES ('', 0, hearth_now());

CREATE TABLE gateway (
    id          text PRIMARY KEY,
    incarnation uuid        NOT NULL,
    seen_at     timestamptz NOT NULL
) WITH (fillfactor = 50);

-- Makes the partition of one day (UTC), taking rows of that day over from the default partition.
CREATE FUNCTION add_day_partition(parent text, time_column text, day date) RETURNS boolean
    LANGUAGE plpgsql
    AS $$
DECLARE
    child text := parent || '_' || to_char(day, 'YYYYMMDD');
    low   timestamptz := day::timestamp AT TIME ZONE 'UTC';
    high  timestamptz := (day + 1)::timestamp AT TIME ZONE 'UTC';
BEGIN
    IF to_regclass(child) IS NOT NULL THEN
        RETURN false;
    END IF;
    EXECUTE format('LOCK TABLE %I IN SHARE ROW EXCLUSIVE MODE', parent || '_default');
    EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING ALL)', child, parent);
    EXECUTE format('WITH late AS (DELETE FROM %I WHERE %I >= $1 AND %I < $2 RETURNING *) INSERT INTO %I SELECT * FROM late',
        parent || '_default', time_column, time_column, child) USING low, high;
    EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', parent, child, low, high);
    RETURN true;
END $$;

-- Drops the partitions of days before this one.
CREATE FUNCTION drop_day_partitions(parent text, before date) RETURNS integer
    LANGUAGE plpgsql
    AS $$
DECLARE
    child   text;
    dropped integer := 0;
BEGIN
    FOR child IN
        SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
         WHERE i.inhparent = to_regclass(parent)
           AND c.relname ~ ('^' || parent || '_[0-9]{8}$')
           AND right(c.relname, 8) < to_char(before, 'YYYYMMDD')
    LOOP
        EXECUTE format('DROP TABLE %I', child);
        dropped := dropped + 1;
    END LOOP;
    RETURN dropped;
END $$;
