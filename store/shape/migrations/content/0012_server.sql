-- The presentation servers of the platform, and the groups in which they are given
-- what is published.
CREATE TABLE target (
  id      TEXT PRIMARY KEY, -- a short name in small letters
  title   TEXT NOT NULL,
  domains TEXT NOT NULL DEFAULT '[]', -- what they show; none: all
  way     TEXT NOT NULL DEFAULT 'together' CHECK (way IN ('together', 'rolling', 'canary')),
  pause   INTEGER NOT NULL DEFAULT 0, -- microseconds between the first server and the others, by canary
  held    INTEGER NOT NULL DEFAULT 0, -- serial of the catalogue they stay at; 0: the one in force
  version INTEGER NOT NULL DEFAULT 1
) STRICT;
INSERT INTO target (id, title) VALUES ('production', 'Production');

CREATE TABLE server (
  id      TEXT PRIMARY KEY, -- as it calls itself
  name    TEXT NOT NULL,
  address TEXT NOT NULL UNIQUE,
  key     BLOB NOT NULL, -- public, Ed25519
  target  TEXT NOT NULL REFERENCES target (id),
  joined  INTEGER NOT NULL,
  version INTEGER NOT NULL DEFAULT 1
) STRICT;
