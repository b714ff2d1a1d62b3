-- In which era of its account a session began.
ALTER TABLE session ADD COLUMN era TEXT NOT NULL DEFAULT '';
