-- More duties than three, and how people are addressed.
CREATE TABLE user_rebuilt (
  id            TEXT PRIMARY KEY,
  login         TEXT NOT NULL,
  login_key     TEXT NOT NULL UNIQUE, -- one form for every way to write the login
  password      TEXT NOT NULL DEFAULT '',
  title         TEXT NOT NULL DEFAULT '',
  first_name    TEXT NOT NULL DEFAULT '',
  last_name     TEXT NOT NULL DEFAULT '',
  mail          TEXT NOT NULL DEFAULT '',
  language      TEXT NOT NULL DEFAULT '',
  role          TEXT NOT NULL CHECK (role IN ('administrator', 'manager', 'writer', 'expert', 'designer', 'user')),
  everywhere    INTEGER NOT NULL DEFAULT 0 CHECK (everywhere IN (0, 1)),
  attributes    TEXT NOT NULL DEFAULT '{}',
  active        INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
  must_change   INTEGER NOT NULL DEFAULT 0 CHECK (must_change IN (0, 1)),
  sessions_from INTEGER NOT NULL DEFAULT 0,
  version       INTEGER NOT NULL DEFAULT 1,
  created       INTEGER NOT NULL,
  changed       INTEGER NOT NULL
) STRICT;
INSERT INTO user_rebuilt (id, login, login_key, password, first_name, last_name, mail, language, role, everywhere, attributes, active, must_change, sessions_from, version, created, changed)
  SELECT id, login, login_key, password, first_name, last_name, mail, language, role, everywhere, attributes, active, must_change, sessions_from, version, created, changed FROM user;
DROP TABLE user;
ALTER TABLE user_rebuilt RENAME TO user;
CREATE INDEX user_name ON user (last_name, first_name, id);

-- A membership says where it comes from: '' is by hand, 'rule' is by the rule of
-- the group, anything else is the method of signing in that tells it. One may be
-- a member for several reasons.
CREATE TABLE group_member_rebuilt (
  user     TEXT NOT NULL REFERENCES user (id) ON DELETE CASCADE,
  group_id TEXT NOT NULL REFERENCES user_group (id) ON DELETE CASCADE,
  source   TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (user, group_id, source)
) STRICT, WITHOUT ROWID;
INSERT INTO group_member_rebuilt (user, group_id) SELECT user, group_id FROM group_member;
DROP TABLE group_member;
ALTER TABLE group_member_rebuilt RENAME TO group_member;
CREATE INDEX group_member_group ON group_member (group_id);
ALTER TABLE user_group ADD COLUMN rule TEXT NOT NULL DEFAULT 'null'; -- who is in by attributes

-- Who a user is at a method of signing in that is not the password kept here.
CREATE TABLE identity (
  method  TEXT NOT NULL,
  subject TEXT NOT NULL, -- as the method identifies people, for ever
  user    TEXT NOT NULL REFERENCES user (id) ON DELETE CASCADE,
  created INTEGER NOT NULL,
  seen    INTEGER NOT NULL, -- last told of by the method
  PRIMARY KEY (method, subject)
) STRICT, WITHOUT ROWID;
CREATE INDEX identity_user ON identity (user);

-- Second factors and passkeys; data is sealed.
CREATE TABLE factor (
  id      TEXT PRIMARY KEY,
  user    TEXT NOT NULL REFERENCES user (id) ON DELETE CASCADE,
  kind    TEXT NOT NULL CHECK (kind IN ('code', 'recovery', 'passkey')),
  name    TEXT NOT NULL DEFAULT '',
  handle  BLOB NOT NULL DEFAULT x'', -- of a passkey: what authenticators call the user
  data    BLOB NOT NULL,
  created INTEGER NOT NULL,
  used    INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX factor_user ON factor (user);
CREATE INDEX factor_handle ON factor (handle) WHERE handle <> x'';

-- What programs come in with: known by its hash.
CREATE TABLE api_token (
  id      TEXT PRIMARY KEY,
  hash    BLOB NOT NULL UNIQUE,
  user    TEXT NOT NULL REFERENCES user (id) ON DELETE CASCADE,
  name    TEXT NOT NULL,
  scopes  TEXT NOT NULL, -- JSON array
  created INTEGER NOT NULL,
  expires INTEGER NOT NULL,
  used    INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX api_token_user ON api_token (user);

-- Addresses sent by mail by which a password is chosen anew, once.
CREATE TABLE reset_token (
  hash    BLOB PRIMARY KEY,
  user    TEXT NOT NULL REFERENCES user (id) ON DELETE CASCADE,
  expires INTEGER NOT NULL
) STRICT;
CREATE INDEX reset_token_user ON reset_token (user);
