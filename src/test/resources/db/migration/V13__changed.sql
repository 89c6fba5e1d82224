ALTER TABLE recording RENAME COLUMN stream TO source;
