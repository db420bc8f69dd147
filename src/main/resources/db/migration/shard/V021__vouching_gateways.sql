-- Gateways that hear beats, and until when they said so: for browsers that they vouch for they are as good as a beat. Unlogged
-- as liveness is: both are lost together, and a gateway that finds its row gone has its browsers' next beats written.
CREATE UNLOGGED TABLE vouching (
    gateway uuid PRIMARY KEY,
    seen_at timestamptz NOT NULL
) WITH (fillfactor = 50);

ALTER TABLE liveness ADD COLUMN vouched_by uuid;
