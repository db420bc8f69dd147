-- A region on its way to another shard: its rows are still in "database" while "moving_to" says where to; once "database"
-- is the new one, "moved_from" is where the old rows wait to be deleted.
ALTER TABLE virtual_shard
    ADD COLUMN moving_to  text,
    ADD COLUMN moved_from text,
    ADD COLUMN fenced     boolean NOT NULL DEFAULT false; -- nobody may write its rows now

-- Raised by each change of the map, so that a process can say which one it has.
CREATE TABLE shard_map (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    version  bigint NOT NULL
);

INSERT INTO shard_map (version) VALUES (1);
