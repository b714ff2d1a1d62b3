-- What versions have for groups, by the names they are for, each thing once for each
-- project, with the last version that has it. The store writes those of the versions
-- that are there when it opens.
CREATE TABLE version_names (
  project TEXT NOT NULL REFERENCES project (id) ON DELETE CASCADE,
  name    TEXT NOT NULL, -- of a group; what a formula compares, folded
  kind    TEXT NOT NULL,
  id      TEXT NOT NULL, -- of the category or procedure
  part    TEXT NOT NULL, -- how addresses name it
  title   TEXT NOT NULL,
  major   INTEGER NOT NULL,
  minor   INTEGER NOT NULL,
  PRIMARY KEY (project, name, kind, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX version_names_name ON version_names (name);
ALTER TABLE version ADD COLUMN named INTEGER NOT NULL DEFAULT 0; -- its names are kept
CREATE INDEX version_unnamed ON version (project, major, minor) WHERE named = 0;
CREATE INDEX version_trial ON version (project, major, minor, state, audience) WHERE audience <> '[]';
