-- Events of media servers that were answered: done_at is null while nothing has acted on one. The newest ones stay for a
-- while with their event_id, so that a repeated one is known, also after a restart.
CREATE TABLE server_event (
  id          BIGINT        NOT NULL PRIMARY KEY,
  received_at BIGINT        NOT NULL,
  event_id    VARCHAR(255)  NOT NULL,
  content     VARCHAR       NOT NULL,
  done_at     BIGINT
);
CREATE INDEX server_event_by_done ON server_event (done_at, id);
-- Streams of media servers; ended_at is null while one is on. Times are milliseconds since 1970.
CREATE TABLE server_stream (
  source      VARCHAR(64)   NOT NULL,
  server      VARCHAR(255)  NOT NULL,
  app         VARCHAR(1024) NOT NULL,
  name        VARCHAR(1024) NOT NULL,
  direction   VARCHAR(8)    NOT NULL,
  session     VARCHAR(255)  NOT NULL,
  publisher   VARCHAR(255)  NOT NULL,
  since       BIGINT        NOT NULL,
  since_from  VARCHAR(255)  NOT NULL,
  found_by    VARCHAR(64)   NOT NULL,
  last_seen   BIGINT        NOT NULL,
  ended_at    BIGINT,
  ended_by    VARCHAR(255),
  details     VARCHAR       NOT NULL,
  PRIMARY KEY (source, server, app, name, direction)
);
CREATE INDEX server_stream_by_end ON server_stream (ended_at);
