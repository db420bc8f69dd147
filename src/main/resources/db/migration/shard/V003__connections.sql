-- Who held an exclusive session, and when: one row per connection, written by the gateway that carries it. An open row of
-- a gateway that is no longer seen means nothing. Kept as long as the sessions' history; no foreign key, as both are.
CREATE TABLE session_connection (
    session_id uuid        NOT NULL,
    id         uuid        NOT NULL,
    gateway    uuid        NOT NULL,
    started_at timestamptz NOT NULL,
    ended_at   timestamptz
) PARTITION BY RANGE (started_at);

CREATE INDEX session_connection_session ON session_connection (session_id, started_at);
CREATE TABLE session_connection_default PARTITION OF session_connection DEFAULT;
