-- Where the file of a finished recording is, and which file that is: what retention may delete.
ALTER TABLE recording ADD COLUMN kept_as VARCHAR(4096);
ALTER TABLE recording ADD COLUMN kept_identity VARCHAR(255);
CREATE INDEX recording_by_verified ON recording (verified_at) WHERE kept_as IS NOT NULL;
