ALTER TABLE project ADD COLUMN creates_per_minute integer CHECK (creates_per_minute > 0);
