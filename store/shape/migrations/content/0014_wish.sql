-- What people changed of themselves at a presentation server, until the edition server
-- has it: another password. It stands beside the accounts, so that both change together.
CREATE TABLE wish (
  id       INTEGER PRIMARY KEY AUTOINCREMENT, -- never given again
  user     TEXT NOT NULL, -- refers to nothing: rows of accounts go and come with each extract
  was      TEXT NOT NULL, -- hash of the password that it replaces
  password TEXT NOT NULL, -- hash of the new one
  at       INTEGER NOT NULL
) STRICT;
CREATE INDEX wish_user ON wish (user);
