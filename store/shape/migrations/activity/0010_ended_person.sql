-- People who ended all their sessions but one, wherever those are: a server that does
-- not know a session takes none over that began before.
CREATE TABLE ended_person (
  person TEXT NOT NULL,    -- id of the account
  spared BLOB NOT NULL,    -- hash of the token of the session that goes on
  before INTEGER NOT NULL, -- sessions that began earlier are over
  at     INTEGER NOT NULL, -- when this server learned of it
  until  INTEGER NOT NULL,
  PRIMARY KEY (person, before, spared)
) STRICT, WITHOUT ROWID;
CREATE INDEX ended_person_at ON ended_person (at);
CREATE INDEX ended_person_until ON ended_person (until);
