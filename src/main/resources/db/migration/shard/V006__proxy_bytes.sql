-- What passed the guard of a browser for its session. Written with each beat where beats are written anyway, and kept with
-- the session once it has ended; a live session's own row, which claims and deadlines change, never holds it.
ALTER TABLE liveness ADD COLUMN proxy_bytes bigint NOT NULL DEFAULT 0;
ALTER TABLE session_history ADD COLUMN proxy_bytes bigint NOT NULL DEFAULT 0;

CREATE OR REPLACE VIEW any_session AS
SELECT id, project, pool_id, namespace, pool, region, zone, browser_id, pod_name, pod_uid, address, epoch,
       timeout_ms, idle_ms, connect_ms, reconnect_ms, keep_alive, connections, metadata,
       started_at, updated_at, expires_at, NULL::timestamptz AS ended_at, NULL::text AS end_reason, settings,
       -- a subquery: whoever does not ask for it does not pay for it
       coalesce((SELECT l.proxy_bytes FROM liveness l WHERE l.browser_id = s.browser_id), 0) AS proxy_bytes
  FROM session s
 UNION ALL
SELECT id, project, pool_id, namespace, pool, region, zone, browser_id, pod_name, pod_uid, address, epoch,
       timeout_ms, idle_ms, connect_ms, reconnect_ms, keep_alive, connections, metadata,
       started_at, updated_at, expires_at, ended_at, end_reason, NULL::text AS settings, proxy_bytes
  FROM session_history;
