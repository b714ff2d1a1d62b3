-- A version may be on trial: for some groups of those whom its project is for.
ALTER TABLE version ADD COLUMN audience TEXT NOT NULL DEFAULT '[]'; -- names of groups; none is everybody
