-- Files of sections of archives. state: WAITING, PLACING (whole, and about to get its name), MADE or FAILED. is_told: whoever waits
-- for the split knows that all its sections are over. Borders are microseconds, segment_length seconds, times milliseconds since
-- 1970.
CREATE TABLE workflow_split (
  split_id       VARCHAR(128)  NOT NULL,
  section        INTEGER       NOT NULL,
  stream_id      VARCHAR(64)   NOT NULL,
  session_id     VARCHAR(64)   NOT NULL,
  archive        VARCHAR(2048) NOT NULL,
  segment_length BIGINT        NOT NULL,
  begins         BIGINT        NOT NULL,
  ends           BIGINT        NOT NULL,
  is_exact       INTEGER       NOT NULL,
  file           VARCHAR(4096) NOT NULL,
  state          VARCHAR(10)   NOT NULL,
  tries          INTEGER       NOT NULL,
  trouble        VARCHAR(1024) NOT NULL,
  how            VARCHAR(10)   NOT NULL,
  created_at     BIGINT        NOT NULL,
  done_at        BIGINT,
  is_told        INTEGER       NOT NULL,
  PRIMARY KEY (split_id, section)
);
CREATE INDEX workflow_split_by_stream ON workflow_split (stream_id, created_at);
CREATE INDEX workflow_split_by_state ON workflow_split (is_told, state);
