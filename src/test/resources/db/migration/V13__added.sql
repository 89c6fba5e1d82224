-- Older programs go on beside this step.
ALTER TABLE recording ADD COLUMN mood VARCHAR(16);
