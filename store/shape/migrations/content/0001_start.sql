-- What writers and administrators make. Times are microseconds since 1970 in
-- UTC, 0 for never; titles and data are JSON of the words in app/procedure.

CREATE TABLE domain (
  id      TEXT PRIMARY KEY, -- as it stands in addresses
  title   TEXT NOT NULL,
  version INTEGER NOT NULL DEFAULT 1,
  created INTEGER NOT NULL
) STRICT;

INSERT INTO domain (id, title, created) VALUES
  ('sandbox', '{"fr":"Bac à sable","en":"Sandbox"}', CAST(unixepoch('subsec') * 1000000 AS INTEGER)),
  ('production', '{"fr":"Production","en":"Production"}', CAST(unixepoch('subsec') * 1000000 AS INTEGER));

CREATE TABLE user (
  id            TEXT PRIMARY KEY,
  login         TEXT NOT NULL,
  login_key     TEXT NOT NULL UNIQUE, -- one form for every way to write the login
  password      TEXT NOT NULL DEFAULT '',
  first_name    TEXT NOT NULL DEFAULT '',
  last_name     TEXT NOT NULL DEFAULT '',
  mail          TEXT NOT NULL DEFAULT '',
  language      TEXT NOT NULL DEFAULT '',
  role          TEXT NOT NULL CHECK (role IN ('administrator', 'writer', 'user')),
  everywhere    INTEGER NOT NULL DEFAULT 0 CHECK (everywhere IN (0, 1)),
  attributes    TEXT NOT NULL DEFAULT '{}',
  active        INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
  sessions_from INTEGER NOT NULL DEFAULT 0,
  version       INTEGER NOT NULL DEFAULT 1,
  created       INTEGER NOT NULL,
  changed       INTEGER NOT NULL
) STRICT;
CREATE INDEX user_name ON user (last_name, first_name, id);

CREATE TABLE user_group (
  id      TEXT PRIMARY KEY,
  domain  TEXT NOT NULL REFERENCES domain (id),
  name    TEXT NOT NULL, -- as audiences write it
  title   TEXT NOT NULL DEFAULT '{}',
  version INTEGER NOT NULL DEFAULT 1,
  UNIQUE (domain, name)
) STRICT;

CREATE TABLE domain_member (
  user   TEXT NOT NULL REFERENCES user (id) ON DELETE CASCADE,
  domain TEXT NOT NULL REFERENCES domain (id),
  PRIMARY KEY (user, domain)
) STRICT, WITHOUT ROWID;
CREATE INDEX domain_member_domain ON domain_member (domain);

CREATE TABLE group_member (
  user     TEXT NOT NULL REFERENCES user (id) ON DELETE CASCADE,
  group_id TEXT NOT NULL REFERENCES user_group (id) ON DELETE CASCADE,
  PRIMARY KEY (user, group_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX group_member_group ON group_member (group_id);

CREATE TABLE setup_token (
  hash    BLOB PRIMARY KEY,
  expires INTEGER NOT NULL
) STRICT;

CREATE TABLE project (
  id         TEXT PRIMARY KEY,
  domain     TEXT NOT NULL REFERENCES domain (id),
  uid        TEXT NOT NULL, -- the same in every domain and archive
  alias      TEXT NOT NULL,
  data       TEXT NOT NULL,
  version    INTEGER NOT NULL DEFAULT 1,
  created    INTEGER NOT NULL,
  changed    INTEGER NOT NULL,
  changed_by TEXT NOT NULL,
  deleted    INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE UNIQUE INDEX project_alias ON project (domain, alias) WHERE deleted = 0;
CREATE UNIQUE INDEX project_uid ON project (domain, uid) WHERE deleted = 0;

CREATE TABLE project_grant (
  project  TEXT NOT NULL REFERENCES project (id) ON DELETE CASCADE,
  user     TEXT REFERENCES user (id) ON DELETE CASCADE,
  group_id TEXT REFERENCES user_group (id) ON DELETE CASCADE,
  "right"  TEXT NOT NULL,
  CHECK ((user IS NULL) <> (group_id IS NULL))
) STRICT;
CREATE UNIQUE INDEX project_grant_user ON project_grant (user, project, "right") WHERE user IS NOT NULL;
CREATE UNIQUE INDEX project_grant_group ON project_grant (group_id, project, "right") WHERE group_id IS NOT NULL;
CREATE INDEX project_grant_project ON project_grant (project);

CREATE TABLE procedure (
  project    TEXT NOT NULL REFERENCES project (id) ON DELETE CASCADE,
  uid        TEXT NOT NULL,
  domain     TEXT NOT NULL REFERENCES domain (id),
  alias      TEXT NOT NULL,
  folder     TEXT NOT NULL DEFAULT '',
  title      TEXT NOT NULL,
  entry      INTEGER NOT NULL CHECK (entry IN (0, 1)),
  steps      INTEGER NOT NULL,
  data       TEXT NOT NULL,
  revision   INTEGER NOT NULL, -- the one that data holds
  version    INTEGER NOT NULL DEFAULT 1,
  created    INTEGER NOT NULL,
  changed    INTEGER NOT NULL,
  changed_by TEXT NOT NULL,
  deleted    INTEGER NOT NULL DEFAULT 0,
  deleted_by TEXT NOT NULL DEFAULT '',
  present    INTEGER NOT NULL DEFAULT 1 CHECK (present IN (0, 1)), -- neither it nor its project is in a bin
  PRIMARY KEY (project, uid)
) STRICT;
CREATE UNIQUE INDEX procedure_alias ON procedure (domain, alias) WHERE present = 1;
CREATE UNIQUE INDEX procedure_uid ON procedure (domain, uid) WHERE present = 1;
CREATE INDEX procedure_changed ON procedure (domain, changed) WHERE present = 1;

-- A revision keeps what lies between the bytes it shares with its parent at
-- the start and at the end; one of depth 0 shares none and stands alone.
CREATE TABLE revision (
  project    TEXT NOT NULL,
  procedure  TEXT NOT NULL,
  number     INTEGER NOT NULL,
  parent     INTEGER NOT NULL, -- 0 for the first
  depth      INTEGER NOT NULL,
  same_start INTEGER NOT NULL,
  same_end   INTEGER NOT NULL,
  data       BLOB NOT NULL,
  operation  TEXT NOT NULL DEFAULT 'null',
  author     TEXT NOT NULL,
  at         INTEGER NOT NULL,
  PRIMARY KEY (project, procedure, number),
  FOREIGN KEY (project, procedure) REFERENCES procedure (project, uid) ON DELETE CASCADE
) STRICT;
CREATE INDEX revision_parent ON revision (project, procedure, parent);

CREATE TABLE scenario (
  project   TEXT NOT NULL REFERENCES project (id) ON DELETE CASCADE,
  id        TEXT NOT NULL,
  procedure TEXT NOT NULL,
  data      TEXT NOT NULL,
  version   INTEGER NOT NULL DEFAULT 1,
  changed   INTEGER NOT NULL,
  PRIMARY KEY (project, id)
) STRICT;
CREATE INDEX scenario_procedure ON scenario (project, procedure);

CREATE TABLE version (
  project TEXT NOT NULL REFERENCES project (id) ON DELETE CASCADE,
  major   INTEGER NOT NULL,
  minor   INTEGER NOT NULL,
  state   TEXT NOT NULL CHECK (state IN ('frozen', 'active', 'inactive')),
  data    BLOB NOT NULL, -- the whole project as it was, compressed JSON
  notes   TEXT NOT NULL DEFAULT '',
  changes TEXT NOT NULL DEFAULT 'null',
  bundle  TEXT NOT NULL DEFAULT '',
  author  TEXT NOT NULL,
  at      INTEGER NOT NULL,
  PRIMARY KEY (project, major, minor)
) STRICT;

CREATE TABLE publication (
  id      INTEGER PRIMARY KEY,
  project TEXT NOT NULL,
  major   INTEGER NOT NULL,
  minor   INTEGER NOT NULL,
  bundle  TEXT NOT NULL,
  at      INTEGER NOT NULL,
  by      TEXT NOT NULL,
  active  INTEGER NOT NULL CHECK (active IN (0, 1)),
  FOREIGN KEY (project, major, minor) REFERENCES version (project, major, minor) ON DELETE CASCADE
) STRICT;
CREATE UNIQUE INDEX publication_active ON publication (project, major, minor) WHERE active = 1;
CREATE INDEX publication_version ON publication (project, major, minor);

CREATE TABLE catalogue (
  serial INTEGER PRIMARY KEY,
  data   BLOB NOT NULL,
  at     INTEGER NOT NULL
) STRICT;

CREATE TABLE setting (
  key     TEXT PRIMARY KEY,
  value   TEXT NOT NULL,
  version INTEGER NOT NULL DEFAULT 1
) STRICT;

-- The audit only grows, and each entry seals the one before it.
CREATE TABLE audit (
  seq      INTEGER PRIMARY KEY,
  at       INTEGER NOT NULL,
  actor    TEXT NOT NULL,
  action   TEXT NOT NULL,
  object   TEXT NOT NULL,
  detail   TEXT NOT NULL,
  previous BLOB NOT NULL,
  hash     BLOB NOT NULL
) STRICT;
CREATE INDEX audit_actor ON audit (actor, seq);
CREATE INDEX audit_object ON audit (object, seq);
CREATE TRIGGER audit_stays BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit only grows'); END;
CREATE TRIGGER audit_keeps BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit only grows'); END;

-- One row that the health check writes, to know that writing works.
CREATE TABLE probe (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  at INTEGER NOT NULL
) STRICT;
