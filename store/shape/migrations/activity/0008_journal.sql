-- A presentation server's journal: what was added or changed, in order, until
-- the edition server has it and six days longer. Triggers of store/journal
-- write it, only where there is a row in journal_state.
CREATE TABLE journal (
  n       INTEGER PRIMARY KEY, -- without gaps: the last row is never removed
  at      INTEGER NOT NULL,
  kind    TEXT NOT NULL,
  row     INTEGER NOT NULL,            -- number of the execution, search or message
  turn    INTEGER NOT NULL DEFAULT 0,  -- number of the turn, or of the post-it
  name    TEXT NOT NULL DEFAULT ''     -- step of an opinion
) STRICT;
CREATE TABLE journal_state (
  id           INTEGER PRIMARY KEY CHECK (id = 1),
  journal      TEXT NOT NULL,    -- random: which journal it is
  first        INTEGER NOT NULL, -- its first number
  acknowledged INTEGER NOT NULL
) STRICT;
-- How far it was acknowledged by the end of an hour.
CREATE TABLE journal_acknowledged (
  hour INTEGER PRIMARY KEY,
  n    INTEGER NOT NULL
) STRICT;

-- At the edition server: how far each journal was taken in.
CREATE TABLE gathered (
  server  TEXT NOT NULL,
  journal TEXT NOT NULL,
  n       INTEGER NOT NULL,
  mark    INTEGER NOT NULL,
  audit   INTEGER NOT NULL,
  seal    BLOB NOT NULL,
  at      INTEGER NOT NULL,
  PRIMARY KEY (server, journal)
) STRICT, WITHOUT ROWID;
-- Which turn of which server became which turn here, and how that left the
-- execution.
CREATE TABLE gathered_turn (
  execution INTEGER NOT NULL REFERENCES execution (n) ON DELETE CASCADE,
  server    TEXT NOT NULL,
  theirs    INTEGER NOT NULL, -- its number there
  at        INTEGER NOT NULL,
  answers   INTEGER NOT NULL, -- number of the page it answers, as the person brought it
  seq       INTEGER NOT NULL, -- its number here
  within    TEXT NOT NULL,
  ended     INTEGER NOT NULL CHECK (ended IN (0, 1)),
  outcome   TEXT NOT NULL,
  failed    INTEGER NOT NULL CHECK (failed IN (0, 1)),
  abandoned INTEGER NOT NULL DEFAULT 0 CHECK (abandoned IN (0, 1)), -- there, after it
  PRIMARY KEY (execution, server, theirs, at)
) STRICT, WITHOUT ROWID;
ALTER TABLE execution ADD COLUMN server TEXT NOT NULL DEFAULT ''; -- on which it was begun; '': this one
ALTER TABLE execution ADD COLUMN erased INTEGER NOT NULL DEFAULT 0 CHECK (erased IN (0, 1)); -- takes nothing more
ALTER TABLE postit ADD COLUMN origin TEXT NOT NULL DEFAULT ''; -- server, number and time there; '': this one
ALTER TABLE search ADD COLUMN origin TEXT NOT NULL DEFAULT '';
CREATE UNIQUE INDEX postit_origin ON postit (origin) WHERE origin <> '';
CREATE UNIQUE INDEX search_origin ON search (origin) WHERE origin <> '';
-- What other servers have to do, and who did what there: looked at only.
CREATE TABLE gathered_message (
  server   TEXT NOT NULL,
  key      TEXT NOT NULL,
  kind     TEXT NOT NULL,
  state    TEXT NOT NULL CHECK (state IN ('waiting', 'done', 'failed')),
  attempts INTEGER NOT NULL,
  due      INTEGER NOT NULL,
  error    TEXT NOT NULL,
  created  INTEGER NOT NULL,
  PRIMARY KEY (server, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX gathered_message_state ON gathered_message (state, created);
CREATE TABLE gathered_audit (
  server   TEXT NOT NULL,
  seq      INTEGER NOT NULL,
  hash     BLOB NOT NULL,
  previous BLOB NOT NULL,
  at       INTEGER NOT NULL,
  actor    TEXT NOT NULL,
  action   TEXT NOT NULL,
  object   TEXT NOT NULL,
  detail   TEXT NOT NULL,
  PRIMARY KEY (server, seq, hash)
) STRICT, WITHOUT ROWID;
CREATE INDEX gathered_audit_at ON gathered_audit (at);
-- What stays away when it is gathered again: executions of other servers that
-- retention removed, people who were erased, and things of before a time.
CREATE TABLE gone (
  execution TEXT PRIMARY KEY,
  at        INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX gone_at ON gone (at);
CREATE TABLE erased (
  name TEXT PRIMARY KEY -- id of an account, or its pseudonym
) STRICT, WITHOUT ROWID;
CREATE TABLE purged (
  kind   TEXT PRIMARY KEY,
  before INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
