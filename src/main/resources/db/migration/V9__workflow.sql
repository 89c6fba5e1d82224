-- Streams of the live workflow, and what is wanted of each: STOPPED, STARTED or DELETED. is_made: its driver has made it once.
-- session_id is that of its last session, which is open until session_open is 0. Lengths are seconds, times milliseconds since
-- 1970.
CREATE TABLE workflow_stream (
  id               VARCHAR(64)   NOT NULL PRIMARY KEY,
  name             VARCHAR(255)  NOT NULL,
  description      VARCHAR(4096) NOT NULL,
  segment_length   BIGINT        NOT NULL,
  startover_window BIGINT        NOT NULL,
  key_rotation     BIGINT        NOT NULL,
  wanted           VARCHAR(10)   NOT NULL,
  is_live          INTEGER       NOT NULL,
  is_made          INTEGER       NOT NULL,
  session_id       VARCHAR(64),
  session_open     INTEGER       NOT NULL,
  created_at       BIGINT        NOT NULL,
  updated_at       BIGINT        NOT NULL,
  started_at       BIGINT,
  stopped_at       BIGINT
);
-- What the driver knows of a stream, its publishers' secret keys included.
CREATE TABLE workflow_fact (
  stream_id VARCHAR(64)   NOT NULL,
  name      VARCHAR(255)  NOT NULL,
  content   VARCHAR       NOT NULL,
  PRIMARY KEY (stream_id, name)
);
-- Sessions; those of deleted streams stay, for their archives do, and no other may be put there.
CREATE TABLE workflow_session (
  id         VARCHAR(64)   NOT NULL PRIMARY KEY,
  stream_id  VARCHAR(64)   NOT NULL,
  archive    VARCHAR(2048) NOT NULL,
  started_at BIGINT        NOT NULL,
  opened_at  BIGINT,
  stopped_at BIGINT,
  closed_at  BIGINT
);
CREATE INDEX workflow_session_by_stream ON workflow_session (stream_id, started_at);
-- What has happened and no route has acknowledged.
CREATE TABLE workflow_notice (
  id        VARCHAR(1024) NOT NULL PRIMARY KEY,
  seq       BIGINT        NOT NULL,
  kind      VARCHAR(64)   NOT NULL,
  stream_id VARCHAR(64)   NOT NULL,
  content   VARCHAR       NOT NULL,
  at        BIGINT        NOT NULL
);
CREATE INDEX workflow_notice_by_seq ON workflow_notice (seq);
