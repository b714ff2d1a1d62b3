-- A group counts in the domain it was made in and in those it was attached to
-- since: every one of them stands here.
CREATE TABLE group_domain (
  group_id TEXT NOT NULL REFERENCES user_group (id) ON DELETE CASCADE,
  domain   TEXT NOT NULL REFERENCES domain (id),
  PRIMARY KEY (group_id, domain)
) STRICT, WITHOUT ROWID;
CREATE INDEX group_domain_domain ON group_domain (domain);
INSERT INTO group_domain (group_id, domain) SELECT id, domain FROM user_group;
