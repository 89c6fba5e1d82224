-- How the operator's program of a recording stands. state: running, again, done, took, failed, spoiled or held. place is the
-- id of the path alone: a program that was cut off may have changed the file, and with it the recording's id. identity is
-- the file's as the program left it; mark is in the environment of the run's processes.
CREATE TABLE recording_program (
  recording_id VARCHAR(20)   NOT NULL PRIMARY KEY,
  place        VARCHAR(20)   NOT NULL,
  identity     VARCHAR(255)  NOT NULL,
  state        VARCHAR(10)   NOT NULL,
  mark         VARCHAR(64)   NOT NULL,
  tries        INTEGER       NOT NULL,
  exit_code    INTEGER,
  problem      VARCHAR(4096),
  begun_at     BIGINT        NOT NULL,
  ended_at     BIGINT
);
CREATE INDEX recording_program_by_place ON recording_program (place, state);
CREATE INDEX recording_program_by_identity ON recording_program (identity, state);
