-- Browsers of pools that say reuse: Reset. uses_left counts the sessions that may still come after the present one; in
-- RESETTING the agent has a new Chrome made, under a new epoch, and says when it is there.
ALTER TABLE browser ADD COLUMN uses_left smallint NOT NULL DEFAULT 0 CHECK (uses_left >= 0);
ALTER TABLE browser DROP CONSTRAINT browser_state_check;
ALTER TABLE browser ADD CONSTRAINT browser_state_check
      CHECK (state IN ('STARTING', 'WARM', 'CLAIMED', 'RESETTING', 'RETIRING', 'FAILED'));

-- Counted for each claim that finds nothing warm.
DROP INDEX browser_starting;
CREATE INDEX browser_coming ON browser (pool_id) WHERE state IN ('STARTING', 'RESETTING');
