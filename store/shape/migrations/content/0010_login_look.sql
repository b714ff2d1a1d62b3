-- What a login looks like, so that no other is given that people would take for it.
-- The store writes those of other letters than ASCII when it opens.
ALTER TABLE user ADD COLUMN login_look TEXT NOT NULL DEFAULT '';
UPDATE user SET login_look = login_key;
CREATE INDEX user_login_look ON user (login_look);
-- Nobody is told the new address, so it need not be kept.
ALTER TABLE mail_change DROP COLUMN now;
