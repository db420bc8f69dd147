-- How fast a project may make sessions: a bucket that holds a minute's worth and fills evenly. Only stripe 0 has one, for
-- it is locked by each claim of a project that has a limit.
ALTER TABLE project_counter
    ADD COLUMN creates_per_minute integer CHECK (creates_per_minute > 0),
    ADD COLUMN tokens             double precision NOT NULL DEFAULT 0,
    ADD COLUMN filled_at          timestamptz;

-- What the bucket of a row holds at this instant. Never filled: full.
CREATE FUNCTION create_tokens(per_minute integer, tokens double precision, filled_at timestamptz) RETURNS double precision
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT CASE WHEN filled_at IS NULL THEN per_minute
                      ELSE LEAST(per_minute, tokens + GREATEST(0, extract(epoch FROM hearth_now() - filled_at)) * per_minute / 60.0)
                  END $$;

-- How long the starts of a pool's browsers took lately, from the slot row to warm: what a refused claim is told to wait.
CREATE TABLE pool_start (
    pool_id  uuid   PRIMARY KEY,
    start_ms bigint NOT NULL
) WITH (fillfactor = 50);
