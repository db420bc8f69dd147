-- Which virtual shard an id of a session or a browser carries.
CREATE FUNCTION virtual_shard_of(id uuid) RETURNS integer
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS $$ SELECT ('x' || substr(id::text, 16, 3))::bit(12)::integer $$;

-- Which map of the regions a gateway has; 0: one that knows of no moves, or of no second shard.
ALTER TABLE gateway ADD COLUMN map_version bigint NOT NULL DEFAULT 0;

-- Regions that are on their way to another shard, or there.
CREATE TABLE departed (
    region text PRIMARY KEY,
    since  timestamptz NOT NULL
);

CREATE FUNCTION refuse_departed() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    RAISE EXCEPTION 'the region is on its way to another shard' USING ERRCODE = 'HM001';
END $$;

-- Stays after the move: an operator that slept through it must not add browsers to the shard that it remembers.
CREATE FUNCTION refuse_departed_browser() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
BEGIN
    IF current_setting('hearth.mover', true) IS DISTINCT FROM 'on'
       AND EXISTS (SELECT FROM departed d WHERE d.region = NEW.region) THEN
        RAISE EXCEPTION 'the region went to another shard' USING ERRCODE = 'HM001';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER browser_departed BEFORE INSERT ON browser
    FOR EACH ROW EXECUTE FUNCTION refuse_departed_browser();

-- From its commit on nobody but the mover writes rows of the region here. The locks wait for writes under way.
CREATE FUNCTION fence_region(region text, shard integer) RETURNS void
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
DECLARE
    fenced record;
    name   text := 'fence_' || shard;
BEGIN
    LOCK TABLE browser, session, session_connection, idempotency, liveness IN SHARE ROW EXCLUSIVE MODE;
    INSERT INTO departed (region, since) VALUES (fence_region.region, hearth_now()) ON CONFLICT DO NOTHING;
    FOR fenced IN
        SELECT * FROM (VALUES ('browser',            format('%%s.region = %L', fence_region.region)),
                              ('session',            format('%%s.region = %L', fence_region.region)),
                              ('session_connection', format('virtual_shard_of(%%s.session_id) = %s', shard)),
                              ('idempotency',        format('virtual_shard_of(%%s.session_id) = %s', shard)),
                              ('liveness',           format('virtual_shard_of(%%s.browser_id) = %s', shard))) AS t (tab, cond)
    LOOP
        EXECUTE format('CREATE OR REPLACE TRIGGER %I BEFORE INSERT ON %I FOR EACH ROW '
            'WHEN (%s AND current_setting(''hearth.mover'', true) IS DISTINCT FROM ''on'') '
            'EXECUTE FUNCTION refuse_departed()', name || '_in', fenced.tab, format(fenced.cond, 'NEW'));
        EXECUTE format('CREATE OR REPLACE TRIGGER %I BEFORE UPDATE OR DELETE ON %I FOR EACH ROW '
            'WHEN (%s AND current_setting(''hearth.mover'', true) IS DISTINCT FROM ''on'') '
            'EXECUTE FUNCTION refuse_departed()', name || '_out', fenced.tab, format(fenced.cond, 'OLD'));
    END LOOP;
END $$;

CREATE FUNCTION unfence_region(shard integer) RETURNS void
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
    AS $$
DECLARE
    tab text;
BEGIN
    LOCK TABLE browser, session, session_connection, idempotency, liveness IN ACCESS EXCLUSIVE MODE;
    FOREACH tab IN ARRAY ARRAY['browser', 'session', 'session_connection', 'idempotency', 'liveness'] LOOP
        EXECUTE format('DROP TRIGGER IF EXISTS %I ON %I', 'fence_' || shard || '_in', tab);
        EXECUTE format('DROP TRIGGER IF EXISTS %I ON %I', 'fence_' || shard || '_out', tab);
    END LOOP;
END $$;
