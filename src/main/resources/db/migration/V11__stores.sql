-- Names of reelway.stores: of the store that a recording is in, null for the first and where it is in the backup; and of the
-- one that a recording in the backup belongs to, empty for the first.
ALTER TABLE recording ADD COLUMN store VARCHAR(64);
ALTER TABLE backup_copy ADD COLUMN home_name VARCHAR(64) NOT NULL DEFAULT '';
