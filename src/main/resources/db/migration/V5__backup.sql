-- Recordings that were put into the backup store while the primary took none. The truth is the note in the backup
-- store, of which the row holds a copy (note) for when it cannot be asked. returned_at is null while one waits there.
CREATE TABLE backup_copy (
  recording_id    VARCHAR(20)   NOT NULL PRIMARY KEY,
  size            BIGINT        NOT NULL,
  store           VARCHAR(1024) NOT NULL,
  bucket          VARCHAR(255)  NOT NULL,
  object_key      VARCHAR(1024) NOT NULL,
  etag            VARCHAR(255)  NOT NULL,
  home_store      VARCHAR(1024) NOT NULL,
  home_bucket     VARCHAR(255)  NOT NULL,
  home_key        VARCHAR(1024) NOT NULL,
  since           BIGINT        NOT NULL,
  note            VARCHAR       NOT NULL,
  problem         VARCHAR(4096),
  returned_at     BIGINT,
  returned_key    VARCHAR(1024),
  returned_etag   VARCHAR(255),
  returned_version VARCHAR(1024)
);
CREATE INDEX backup_copy_by_return ON backup_copy (returned_at, since);
-- The settings group of the store that the upload is in; null for reelway.store.
ALTER TABLE abandoned_upload ADD COLUMN store VARCHAR(255);
