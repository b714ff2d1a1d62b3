-- Who came to a presentation server by a method of signing in that knows them and told
-- something new, until the edition server has it.
CREATE TABLE arrival (
  id       INTEGER PRIMARY KEY AUTOINCREMENT, -- never given again
  user     TEXT NOT NULL,
  method   TEXT NOT NULL,
  identity TEXT NOT NULL, -- JSON, as the method told it
  at       INTEGER NOT NULL
) STRICT;
CREATE INDEX arrival_user ON arrival (user);
