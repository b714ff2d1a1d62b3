-- Sessions that were ended before their time: what another server gave their
-- browser to go on with opens nothing here until it is no good anywhere.
CREATE TABLE ended_session (
  token BLOB PRIMARY KEY, -- hash of the one in the cookie, as in session
  at    INTEGER NOT NULL,
  until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX ended_session_at ON ended_session (at);
CREATE INDEX ended_session_until ON ended_session (until);
