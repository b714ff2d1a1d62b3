-- Addresses that accounts had before, until they were written to.
CREATE TABLE mail_change (
  id   TEXT PRIMARY KEY,
  user TEXT NOT NULL REFERENCES user (id) ON DELETE CASCADE,
  was  TEXT NOT NULL,
  now  TEXT NOT NULL, -- '' when it was removed
  at   INTEGER NOT NULL
) STRICT;
CREATE INDEX mail_change_user ON mail_change (user);
