-- Multipart uploads of our own that are under way, and intents to begin one (upload_id is null: the store's answer has
-- not come, or was lost). Rows go away when their upload is completed or aborted.
CREATE TABLE upload (
  intent        VARCHAR(36)   NOT NULL PRIMARY KEY,
  store         VARCHAR(1024) NOT NULL,
  bucket        VARCHAR(255)  NOT NULL,
  object_key    VARCHAR(1024) NOT NULL,
  upload_id     VARCHAR(1024),
  recording_id  VARCHAR(20),
  at            BIGINT        NOT NULL
);
CREATE INDEX upload_by_object ON upload (bucket, object_key);
CREATE INDEX upload_by_time ON upload (at);
