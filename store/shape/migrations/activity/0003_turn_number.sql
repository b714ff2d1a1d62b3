-- A turn is found by its number. That the same answer to the same page is one
-- turn is looked at when an earlier page was answered, which is rare: an index
-- of what was answered would be most of what an answer writes.
CREATE TABLE turn_numbered (
  id        INTEGER PRIMARY KEY,
  execution INTEGER NOT NULL REFERENCES execution (n) ON DELETE CASCADE,
  seq       INTEGER NOT NULL,
  parent    INTEGER NOT NULL, -- seq of the page it answers, 0 for the start
  input     TEXT NOT NULL,    -- hash of what was answered
  step      TEXT NOT NULL,
  at        INTEGER NOT NULL,
  events    TEXT NOT NULL,
  state     BLOB NOT NULL,
  UNIQUE (execution, seq)
) STRICT;
INSERT INTO turn_numbered SELECT id, execution, seq, parent, input, step, at, events, state FROM turn ORDER BY id;
DROP TABLE turn;
ALTER TABLE turn_numbered RENAME TO turn;
