-- Older than their pool's maxAge: stale whatever their revision, so claimed last and not used again.
ALTER TABLE browser ADD COLUMN outdated boolean NOT NULL DEFAULT false;
