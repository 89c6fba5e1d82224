-- Callbacks to backends. state: waiting, delivered or dead. due_at: when one that waits is tried next; null while another
-- of its queue is before it. waits_since is created_at, or when somebody replayed it. Times are milliseconds since 1970.
-- The receiver is a name: addresses can hold secrets, and move.
CREATE TABLE callback (
  id          VARCHAR(64)   NOT NULL PRIMARY KEY,
  seq         BIGINT        NOT NULL,
  kind        VARCHAR(64)   NOT NULL,
  receiver    VARCHAR(255)  NOT NULL,
  queue       VARCHAR(64)   NOT NULL,
  about       VARCHAR(4096) NOT NULL,
  body        VARCHAR       NOT NULL,
  created_at  BIGINT        NOT NULL,
  waits_since BIGINT        NOT NULL,
  state       VARCHAR(10)   NOT NULL,
  due_at      BIGINT,
  tries       INTEGER       NOT NULL,
  tried_at    BIGINT,
  status      INTEGER,
  problem     VARCHAR(1024),
  done_at     BIGINT
);
CREATE INDEX callback_by_due ON callback (receiver, state, due_at);
CREATE INDEX callback_by_queue ON callback (receiver, queue, state, seq);
CREATE INDEX callback_by_state ON callback (state, waits_since);
CREATE INDEX callback_by_seq ON callback (seq);
