-- Whether the pool's browsers go out through their agents only: claims with egress rules are given no others.
ALTER TABLE pool ADD COLUMN guarded boolean NOT NULL DEFAULT false;
