-- What people changed of themselves at a presentation server, and who came there, is kept for
-- some days after the edition server took it: one that is put back to a state before that is
-- given it again.
ALTER TABLE wish ADD COLUMN taken INTEGER; -- when the edition server said that it has it; NULL: it waits
ALTER TABLE wish ADD COLUMN again INTEGER; -- since when it waits once more; NULL: it was never taken
ALTER TABLE arrival ADD COLUMN taken INTEGER;
-- Up to which of both the edition server has them, of each server.
ALTER TABLE server ADD COLUMN wishes INTEGER NOT NULL DEFAULT 0;
ALTER TABLE server ADD COLUMN arrivals INTEGER NOT NULL DEFAULT 0;
