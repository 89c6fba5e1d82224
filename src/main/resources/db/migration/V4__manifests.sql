-- Manifests of recordings that were written and verified, so that one that is gone or altered is noticed.
CREATE TABLE recording_manifest (
  recording_id  VARCHAR(20)   NOT NULL PRIMARY KEY,
  bucket        VARCHAR(255)  NOT NULL,
  object_key    VARCHAR(1024) NOT NULL,
  etag          VARCHAR(255)  NOT NULL,
  size          BIGINT        NOT NULL,
  at            BIGINT        NOT NULL
);
