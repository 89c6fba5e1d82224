-- Times are milliseconds since the epoch. The marker, the file and the store are the truth; this is the story.
CREATE TABLE recording (
  id            VARCHAR(20)   NOT NULL PRIMARY KEY,
  file          VARCHAR(4096) NOT NULL,
  path          VARCHAR(4096) NOT NULL,
  size          BIGINT        NOT NULL,
  stream        VARCHAR(255),
  state         VARCHAR(16)   NOT NULL,
  found_by      VARCHAR(16),
  bucket        VARCHAR(255),
  object_key    VARCHAR(1024),
  address       VARCHAR(4096),
  etag          VARCHAR(255),
  version_id    VARCHAR(1024),
  evidence      VARCHAR(255),
  parts         INTEGER       NOT NULL DEFAULT 0,
  parts_resumed INTEGER       NOT NULL DEFAULT 0,
  bytes_sent    BIGINT        NOT NULL DEFAULT 0,
  retries       BIGINT        NOT NULL DEFAULT 0,
  tries         INTEGER       NOT NULL DEFAULT 0,
  last_error    VARCHAR(4096),
  error_class   VARCHAR(16),
  found_at      BIGINT        NOT NULL,
  verified_at   BIGINT,
  tidied_at     BIGINT,
  updated_at    BIGINT        NOT NULL
);
CREATE INDEX recording_by_update ON recording (updated_at);
CREATE INDEX recording_by_state ON recording (state, updated_at);

CREATE TABLE recording_event (
  recording_id  VARCHAR(20)   NOT NULL,
  at            BIGINT        NOT NULL,
  what          VARCHAR(4096) NOT NULL
);
CREATE INDEX recording_event_by_recording ON recording_event (recording_id, at);
-- SQLite numbers the rows of every table by itself; that number is the order of events of one millisecond.
-- PostgreSQL: ALTER TABLE recording_event ADD COLUMN rowid BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY;

-- Unfinished uploads of our own that still have to be aborted in the store.
CREATE TABLE abandoned_upload (
  bucket        VARCHAR(255)  NOT NULL,
  object_key    VARCHAR(1024) NOT NULL,
  upload_id     VARCHAR(1024) NOT NULL,
  why           VARCHAR(4096) NOT NULL,
  at            BIGINT        NOT NULL,
  PRIMARY KEY (upload_id, bucket, object_key)
);
