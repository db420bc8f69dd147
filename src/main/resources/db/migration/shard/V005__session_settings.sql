-- What a live session's pages must be like, as JSON; null: as Chrome has them. Of no use once the session has ended.
ALTER TABLE session ADD COLUMN settings text;

CREATE OR REPLACE VIEW any_session AS
SELECT id, project, pool_id, namespace, pool, region, zone, browser_id, pod_name, pod_uid, address, epoch,
       timeout_ms, idle_ms, connect_ms, reconnect_ms, keep_alive, connections, metadata,
       started_at, updated_at, expires_at, NULL::timestamptz AS ended_at, NULL::text AS end_reason, settings
  FROM session
 UNION ALL
SELECT id, project, pool_id, namespace, pool, region, zone, browser_id, pod_name, pod_uid, address, epoch,
       timeout_ms, idle_ms, connect_ms, reconnect_ms, keep_alive, connections, metadata,
       started_at, updated_at, expires_at, ended_at, end_reason, NULL::text AS settings
  FROM session_history;
