-- In which era of an account its sessions have to have begun: its number and a name, '' the
-- first. A password that was chosen at a presentation server begins one.
ALTER TABLE user ADD COLUMN era TEXT NOT NULL DEFAULT '';
ALTER TABLE wish ADD COLUMN era TEXT NOT NULL DEFAULT '';
