-- The wish of each person that was taken last: who chose passwords at two servers before
-- either came here has the one that they chose last, whichever came first.
CREATE TABLE wish_taken (
  user     TEXT NOT NULL PRIMARY KEY REFERENCES user (id) ON DELETE CASCADE,
  password TEXT NOT NULL, -- hash of the one that was taken
  was      TEXT NOT NULL, -- hashes of those that it replaced, as a list
  at       INTEGER NOT NULL, -- when it was chosen, by the clock here
  taken    INTEGER NOT NULL  -- when the first of them was
) STRICT, WITHOUT ROWID;
