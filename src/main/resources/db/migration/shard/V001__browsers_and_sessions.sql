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
CREATE INDEX browser_pool ON browser (pool_id);
-- The last guard: no two browsers in one session, and (below) no two sessions on one browser.
CREATE UNIQUE INDEX browser_session ON browser (session_id) WHERE session_id IS NOT NULL;
