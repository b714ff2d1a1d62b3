-- What a person needs to recognise a session of theirs.
ALTER TABLE session ADD COLUMN user TEXT NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN agent TEXT NOT NULL DEFAULT ''; -- as the browser calls itself
ALTER TABLE session ADD COLUMN address TEXT NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN began INTEGER NOT NULL DEFAULT 0;
ALTER TABLE session ADD COLUMN seen INTEGER NOT NULL DEFAULT 0;
CREATE INDEX session_user ON session (user, seen) WHERE user <> '';

-- What visitors write is answered and closed; its step may be one of a
-- sub-procedure.
ALTER TABLE postit ADD COLUMN procedure TEXT NOT NULL DEFAULT '';
ALTER TABLE postit ADD COLUMN done INTEGER NOT NULL DEFAULT 0;
CREATE INDEX postit_open ON postit (execution) WHERE done = 0;
ALTER TABLE feedback ADD COLUMN procedure TEXT NOT NULL DEFAULT '';
ALTER TABLE feedback ADD COLUMN done INTEGER NOT NULL DEFAULT 0;
ALTER TABLE feedback ADD COLUMN answer TEXT NOT NULL DEFAULT '';
ALTER TABLE feedback ADD COLUMN answered_by TEXT NOT NULL DEFAULT '';
ALTER TABLE feedback ADD COLUMN answered INTEGER NOT NULL DEFAULT 0;
CREATE INDEX feedback_open ON feedback (execution) WHERE done = 0 AND comment <> '';
