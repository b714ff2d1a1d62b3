-- Assertions and other proofs that count once: known again until they expire.
CREATE TABLE spent (
  key   BLOB PRIMARY KEY, -- hash
  until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX spent_until ON spent (until);

-- What was sent and answered when somebody signed in by something outside.
CREATE TABLE attempt (
  id      INTEGER PRIMARY KEY,
  at      INTEGER NOT NULL,
  method  TEXT NOT NULL,
  login   TEXT NOT NULL,
  user    TEXT NOT NULL DEFAULT '', -- whose it turned out to be
  outcome TEXT NOT NULL, -- key of a sentence; '' when they came in
  trace   TEXT NOT NULL  -- JSON
) STRICT;
CREATE INDEX attempt_method ON attempt (method, id);

-- How far the person has proved who they are, as lists of sessions show it.
ALTER TABLE session ADD COLUMN method TEXT NOT NULL DEFAULT '';
-- By what their provider ends them: who they are there, and which of their
-- sessions.
ALTER TABLE session ADD COLUMN peer TEXT NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN peer_session TEXT NOT NULL DEFAULT '';
CREATE INDEX session_peer ON session (method, peer) WHERE peer <> '';

-- What the last synchronisation of each directory did.
CREATE TABLE sync (
  method TEXT PRIMARY KEY,
  at     INTEGER NOT NULL,
  plan   TEXT NOT NULL -- JSON
) STRICT;
