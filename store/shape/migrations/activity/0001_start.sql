-- What people do. Times are microseconds since 1970 in UTC, 0 for never; days
-- are text like 2026-11-23, in UTC.

-- n is the row's number: turns name it rather than the long random id, so that
-- those of executions going on at the same time stand side by side.
CREATE TABLE execution (
  n         INTEGER PRIMARY KEY,
  id        TEXT NOT NULL UNIQUE,
  project   TEXT NOT NULL,
  procedure TEXT NOT NULL,
  alias     TEXT NOT NULL,
  version   TEXT NOT NULL,
  user      TEXT NOT NULL DEFAULT '',
  pseudonym INTEGER NOT NULL DEFAULT 0 CHECK (pseudonym IN (0, 1)), -- user is one
  owner     TEXT NOT NULL DEFAULT '',
  channel   TEXT NOT NULL DEFAULT '',
  language  TEXT NOT NULL DEFAULT '',
  test      INTEGER NOT NULL DEFAULT 0 CHECK (test IN (0, 1)),
  started   INTEGER NOT NULL,
  touched   INTEGER NOT NULL,
  ended     INTEGER NOT NULL DEFAULT 0,
  outcome   TEXT NOT NULL DEFAULT '',
  step      TEXT NOT NULL DEFAULT '',
  turns     INTEGER NOT NULL DEFAULT 0,
  resume    TEXT NOT NULL DEFAULT '', -- hash of the code of a pause
  label     TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX execution_started ON execution (started, n);
CREATE INDEX execution_project ON execution (project, started, n);
CREATE INDEX execution_procedure ON execution (procedure, started, n);
CREATE INDEX execution_user ON execution (user, started, n) WHERE user <> '';
CREATE INDEX execution_owner ON execution (owner, started, n) WHERE owner <> '';
CREATE INDEX execution_open ON execution (started, n) WHERE ended = 0;
CREATE UNIQUE INDEX execution_resume ON execution (resume) WHERE resume <> '';

CREATE TABLE turn (
  id        INTEGER PRIMARY KEY,
  execution INTEGER NOT NULL REFERENCES execution (n) ON DELETE CASCADE,
  seq       INTEGER NOT NULL,
  parent    INTEGER NOT NULL, -- seq of the page it answers, 0 for the start
  input     TEXT NOT NULL,    -- hash of what was answered
  step      TEXT NOT NULL,
  at        INTEGER NOT NULL,
  events    TEXT NOT NULL,
  state     BLOB NOT NULL,
  UNIQUE (execution, parent, input)
) STRICT;

CREATE TABLE claim (
  key       TEXT PRIMARY KEY,
  execution TEXT NOT NULL,
  done      INTEGER NOT NULL DEFAULT 0 CHECK (done IN (0, 1)),
  result    TEXT NOT NULL DEFAULT 'null',
  at        INTEGER NOT NULL
) STRICT;
CREATE INDEX claim_execution ON claim (execution);

CREATE TABLE postit (
  id          INTEGER PRIMARY KEY,
  execution   INTEGER NOT NULL REFERENCES execution (n) ON DELETE CASCADE,
  step        TEXT NOT NULL,
  text        TEXT NOT NULL,
  at          INTEGER NOT NULL,
  read        INTEGER NOT NULL DEFAULT 0,
  answer      TEXT NOT NULL DEFAULT '',
  answered_by TEXT NOT NULL DEFAULT '',
  answered    INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX postit_execution ON postit (execution);
CREATE INDEX postit_unread ON postit (id) WHERE read = 0;

CREATE TABLE feedback (
  execution INTEGER NOT NULL REFERENCES execution (n) ON DELETE CASCADE,
  step      TEXT NOT NULL,
  scale     TEXT NOT NULL,
  score     INTEGER NOT NULL,
  comment   TEXT NOT NULL DEFAULT '',
  at        INTEGER NOT NULL,
  PRIMARY KEY (execution, step)
) STRICT;

CREATE TABLE search (
  id       INTEGER PRIMARY KEY,
  at       INTEGER NOT NULL,
  project  TEXT NOT NULL,
  language TEXT NOT NULL,
  query    TEXT NOT NULL,
  hits     INTEGER NOT NULL,
  clicked  TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX search_at ON search (at);
CREATE INDEX search_project ON search (project, at);

CREATE TABLE recent (
  user      TEXT NOT NULL,
  project   TEXT NOT NULL,
  procedure TEXT NOT NULL,
  at        INTEGER NOT NULL,
  PRIMARY KEY (user, project, procedure)
) STRICT, WITHOUT ROWID;

-- Counters kept in the commit that causes them, so that lists need not count.
CREATE TABLE popular (
  project   TEXT NOT NULL,
  procedure TEXT NOT NULL,
  day       TEXT NOT NULL,
  started   INTEGER NOT NULL DEFAULT 0,
  solved    INTEGER NOT NULL DEFAULT 0,
  unsolved  INTEGER NOT NULL DEFAULT 0,
  escalated INTEGER NOT NULL DEFAULT 0,
  informed  INTEGER NOT NULL DEFAULT 0,
  abandoned INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (project, procedure, day)
) STRICT, WITHOUT ROWID;

CREATE TABLE passage (
  project   TEXT NOT NULL,
  procedure TEXT NOT NULL,
  version   TEXT NOT NULL,
  day       TEXT NOT NULL,
  step      TEXT NOT NULL,
  edge      TEXT NOT NULL,
  times     INTEGER NOT NULL,
  PRIMARY KEY (project, procedure, version, day, step, edge)
) STRICT, WITHOUT ROWID;

CREATE TABLE outbox (
  id       INTEGER PRIMARY KEY,
  kind     TEXT NOT NULL,
  key      TEXT NOT NULL UNIQUE,
  payload  TEXT NOT NULL,
  state    TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'done', 'failed')),
  attempts INTEGER NOT NULL DEFAULT 0,
  due      INTEGER NOT NULL,
  error    TEXT NOT NULL DEFAULT '',
  created  INTEGER NOT NULL
) STRICT;
CREATE INDEX outbox_due ON outbox (due, id) WHERE state = 'waiting';
CREATE INDEX outbox_state ON outbox (state, id);

CREATE TABLE session (
  token  BLOB PRIMARY KEY, -- hash of the one in the cookie
  data   BLOB NOT NULL,
  expiry INTEGER NOT NULL
) STRICT;
CREATE INDEX session_expiry ON session (expiry);

CREATE TABLE probe (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  at INTEGER NOT NULL
) STRICT;
