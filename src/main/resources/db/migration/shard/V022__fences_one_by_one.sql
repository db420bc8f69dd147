DROP FUNCTION fence_region;
DROP FUNCTION unfence_region;

-- From its commit on nobody but the mover writes rows of the region in this table. The lock waits for writes under way;
-- whoever calls this holds no other, so that no write that has one and wants the next waits for it in a circle.
CREATE FUNCTION fence_table(tab text, region text, shard integer) RETURNS void
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
DECLARE
    theirs text := CASE WHEN tab IN ('browser', 'session') THEN format('%%s.region = %L', region)
                        WHEN tab = 'liveness' THEN format('virtual_shard_of(%%s.browser_id) = %s', shard)
                        ELSE format('virtual_shard_of(%%s.session_id) = %s', shard) END;
BEGIN
    EXECUTE format('LOCK TABLE %I IN SHARE ROW EXCLUSIVE MODE', tab);
    -- With the fence that keeps beats out: since then nobody is heard, and sweeps must not take that for silence.
    IF tab = 'liveness' THEN
        INSERT INTO departed (region, since) VALUES (fence_table.region, hearth_now()) ON CONFLICT DO NOTHING;
    END IF;
    EXECUTE format('CREATE OR REPLACE TRIGGER %I BEFORE INSERT ON %I FOR EACH ROW '
        'WHEN (%s AND current_setting(''hearth.mover'', true) IS DISTINCT FROM ''on'') '
        'EXECUTE FUNCTION refuse_departed()', format('fence_%s_in', shard), tab, format(theirs, 'NEW'));
    EXECUTE format('CREATE OR REPLACE TRIGGER %I BEFORE UPDATE OR DELETE ON %I FOR EACH ROW '
        'WHEN (%s AND current_setting(''hearth.mover'', true) IS DISTINCT FROM ''on'') '
        'EXECUTE FUNCTION refuse_departed()', format('fence_%s_out', shard), tab, format(theirs, 'OLD'));
END $$;

CREATE FUNCTION unfence_table(tab text, shard integer) RETURNS void
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
BEGIN
    EXECUTE format('LOCK TABLE %I IN ACCESS EXCLUSIVE MODE', tab);
    EXECUTE format('DROP TRIGGER IF EXISTS %I ON %I', format('fence_%s_in', shard), tab);
    EXECUTE format('DROP TRIGGER IF EXISTS %I ON %I', format('fence_%s_out', shard), tab);
END $$;
