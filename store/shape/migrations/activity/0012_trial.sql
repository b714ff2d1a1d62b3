-- What is on trial at presentation servers, as the edition server knows it: a restart, or
-- another server that takes over, must not take for tried what is not.
CREATE TABLE trial (
  server  TEXT NOT NULL PRIMARY KEY, -- id
  mark    TEXT NOT NULL,  -- of the catalogue that it was told to switch to last
  untried TEXT NOT NULL   -- hashes of bundles that were never available there, as a list
) STRICT, WITHOUT ROWID;
