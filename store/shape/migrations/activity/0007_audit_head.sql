-- How far the audit of the other database went, so that one that was cut, or
-- brought back to an earlier moment, is recognised.
CREATE TABLE audit_head (
  first BLOB NOT NULL, -- hash of the first entry: which audit it is
  seq INTEGER NOT NULL,
  hash BLOB NOT NULL,
  noted INTEGER NOT NULL,
  PRIMARY KEY (first, seq, hash)
) STRICT, WITHOUT ROWID;
