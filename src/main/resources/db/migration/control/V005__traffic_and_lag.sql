-- A pool's part of what the pools of its region serve together; without a weight it has no say in that.
ALTER TABLE pool
    ADD COLUMN traffic_weight   integer CHECK (traffic_weight BETWEEN 0 AND 100),
    ADD COLUMN traffic_by_claim boolean NOT NULL DEFAULT false;

-- How long beats wait in a gateway to be written, by the region of their browsers. Here, as the region's own shard may be
-- what they wait for. Unlogged: after a crash nothing is known to lag, and a second later all is known again.
CREATE UNLOGGED TABLE ingest_lag (
    gateway       uuid        NOT NULL, -- its incarnation
    virtual_shard integer     NOT NULL,
    lag_ms        bigint      NOT NULL,
    seen_at       timestamptz NOT NULL,
    PRIMARY KEY (gateway, virtual_shard)
) WITH (fillfactor = 50);
