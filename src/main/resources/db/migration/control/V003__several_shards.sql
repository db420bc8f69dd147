-- Time as the shards' deadlines know it; the offset exists for tests alone.
CREATE FUNCTION hearth_now() RETURNS timestamptz
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT clock_timestamp() + coalesce(nullif(current_setting('hearth.time_offset', true), ''), '0')::interval $$;

-- What a claim takes before it asks a shard, where there are several: its Idempotency-Key, and its project's place. A row is
-- written before the session and outlives it: what is counted is never fewer than the sessions there are.
CREATE TABLE reservation (
    id          uuid PRIMARY KEY,         -- the session's, with virtual shard 0: the same in whatever region it comes to be
    project     text        NOT NULL,
    key         text,
    fingerprint bytea,
    session_id  uuid        NOT NULL,     -- the session's, as it is called in the region that was asked last
    held        boolean     NOT NULL,     -- counts towards the project's limit
    asked_at    timestamptz NOT NULL,
    created_at  timestamptz NOT NULL
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_cost_delay = 0);

CREATE UNIQUE INDEX reservation_key ON reservation (project, key) WHERE key IS NOT NULL;
CREATE INDEX reservation_held ON reservation (project) WHERE held;
CREATE INDEX reservation_over ON reservation (created_at) WHERE NOT held;

-- The bucket of the project's rate over all shards. Never filled: full.
ALTER TABLE project
    ADD COLUMN tokens    double precision NOT NULL DEFAULT 0,
    ADD COLUMN filled_at timestamptz;

CREATE FUNCTION create_tokens(per_minute integer, tokens double precision, filled_at timestamptz) RETURNS double precision
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT CASE WHEN filled_at IS NULL THEN per_minute
                      ELSE LEAST(per_minute, tokens + GREATEST(0, extract(epoch FROM hearth_now() - filled_at)) * per_minute / 60.0)
                  END $$;

-- Where the operators' fencing numbers come from: one number is one leader, in whichever shard it is met.
CREATE TABLE leader (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    epoch    bigint NOT NULL
);

INSERT INTO leader (epoch) VALUES (0);
