-- Codes of journeys put aside that were typed: one that was typed at two servers before
-- they knew of each other belongs to the server of which the edition server heard first.
CREATE TABLE used_code (
  execution TEXT NOT NULL,  -- id
  code      TEXT NOT NULL,  -- hash of it, as the execution had it
  server    TEXT NOT NULL,  -- where it was typed, '' at the edition server
  at        INTEGER NOT NULL, -- when this server learned of it
  PRIMARY KEY (execution, code)
) STRICT, WITHOUT ROWID;
CREATE INDEX used_code_at ON used_code (at);
