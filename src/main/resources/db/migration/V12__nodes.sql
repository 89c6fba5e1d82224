-- Sidecars that share the state, each a node. token changes with each start; seen_at is the database's time in milliseconds since
-- 1970, by which others know that a node is gone. left_at: it ended in order. knows: steps of the schema that its program knows.
CREATE TABLE node (
  id         VARCHAR(64)   NOT NULL PRIMARY KEY,
  token      VARCHAR(36)   NOT NULL,
  who        VARCHAR(255)  NOT NULL,
  version    VARCHAR(64)   NOT NULL,
  roles      VARCHAR(255)  NOT NULL,
  address    VARCHAR(1024) NOT NULL,
  knows      INTEGER       NOT NULL DEFAULT 0,
  started_at BIGINT        NOT NULL,
  seen_at    BIGINT        NOT NULL,
  left_at    BIGINT
);
-- The one sidecar that had a database before.
-- PostgreSQL: DROP TABLE IF EXISTS state_owner;
-- Whether programs that do not know a step may go on beside it.
ALTER TABLE schema_step ADD COLUMN compatible INTEGER NOT NULL DEFAULT 0;
-- What one node at a time may do. fence goes up whenever another one gets it: who writes with an older one has lost it. ends_at is
-- the database's time. asked goes up when somebody asks who has it to act now.
CREATE TABLE lease (
  name    VARCHAR(255) NOT NULL PRIMARY KEY,
  node    VARCHAR(64)  NOT NULL,
  fence   BIGINT       NOT NULL,
  ends_at BIGINT       NOT NULL,
  asked   BIGINT       NOT NULL DEFAULT 0
);
-- Whose each row is: the id of the node next to the file, media server or process that it tells of. Empty for those of before.
ALTER TABLE recording ADD COLUMN node VARCHAR(64) NOT NULL DEFAULT '';
ALTER TABLE upload ADD COLUMN node VARCHAR(64) NOT NULL DEFAULT '';
ALTER TABLE abandoned_upload ADD COLUMN node VARCHAR(64) NOT NULL DEFAULT '';
ALTER TABLE backup_copy ADD COLUMN node VARCHAR(64) NOT NULL DEFAULT '';
ALTER TABLE recording_program ADD COLUMN node VARCHAR(64) NOT NULL DEFAULT '';
ALTER TABLE workflow_stream ADD COLUMN node VARCHAR(64) NOT NULL DEFAULT '';
ALTER TABLE workflow_session ADD COLUMN node VARCHAR(64) NOT NULL DEFAULT '';
ALTER TABLE workflow_notice ADD COLUMN node VARCHAR(64) NOT NULL DEFAULT '';
ALTER TABLE workflow_split ADD COLUMN node VARCHAR(64) NOT NULL DEFAULT '';
CREATE INDEX recording_by_node ON recording (node, state, updated_at);
CREATE INDEX upload_by_node ON upload (node, at);
-- Events and streams of media servers whose names and numbers are those of one node only.
ALTER TABLE server_event RENAME TO former_event;
CREATE TABLE server_event (
  node        VARCHAR(64)   NOT NULL,
  id          BIGINT        NOT NULL,
  received_at BIGINT        NOT NULL,
  event_id    VARCHAR(255)  NOT NULL,
  content     VARCHAR       NOT NULL,
  done_at     BIGINT,
  PRIMARY KEY (node, id)
);
INSERT INTO server_event (node, id, received_at, event_id, content, done_at)
  SELECT '', id, received_at, event_id, content, done_at FROM former_event;
DROP TABLE former_event;
CREATE INDEX server_event_by_done ON server_event (node, done_at, id);
ALTER TABLE server_stream RENAME TO former_stream;
CREATE TABLE server_stream (
  node        VARCHAR(64)   NOT NULL,
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
  PRIMARY KEY (node, source, server, app, name, direction)
);
INSERT INTO server_stream (node, source, server, app, name, direction, session, publisher, since, since_from, found_by, last_seen,
  ended_at, ended_by, details)
  SELECT '', source, server, app, name, direction, session, publisher, since, since_from, found_by, last_seen, ended_at, ended_by,
  details FROM former_stream;
DROP TABLE former_stream;
CREATE INDEX server_stream_by_end ON server_stream (node, ended_at);
-- Numbers of callbacks go up over all nodes; those of before are below.
-- PostgreSQL: CREATE SEQUENCE callback_number START WITH 1000000000;
-- Mixes that any node with a mixer may make. state: waiting (for the recording's upload), ordered, mixing, mixed (it is in the
-- store), failed or cancelled. node ordered it, worker has it under the lease mix/<id>. path is relative to the recordings folder:
-- the mix gets its key by it.
CREATE TABLE mix_order (
  id           VARCHAR(40)   NOT NULL PRIMARY KEY,
  recording_id VARCHAR(20)   NOT NULL,
  node         VARCHAR(64)   NOT NULL,
  path         VARCHAR(4096) NOT NULL,
  identity     VARCHAR(255)  NOT NULL,
  recorder_uri VARCHAR(1024) NOT NULL,
  created      BIGINT        NOT NULL,
  length       BIGINT        NOT NULL,
  store        VARCHAR(64)   NOT NULL,
  bucket       VARCHAR(255)  NOT NULL,
  object_key   VARCHAR(1024) NOT NULL,
  etag         VARCHAR(255)  NOT NULL,
  size         BIGINT        NOT NULL,
  state        VARCHAR(10)   NOT NULL,
  worker       VARCHAR(64)   NOT NULL,
  fence        BIGINT        NOT NULL,
  tries        INTEGER       NOT NULL,
  trouble      VARCHAR(4096) NOT NULL,
  mix_key      VARCHAR(1024) NOT NULL,
  ordered_at   BIGINT        NOT NULL,
  queued_at    BIGINT,
  changed_at   BIGINT        NOT NULL
);
CREATE INDEX mix_order_by_state ON mix_order (state, changed_at);
CREATE INDEX mix_order_by_recording ON mix_order (recording_id);
