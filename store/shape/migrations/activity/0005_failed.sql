-- An execution stands at a problem that it met when its last turn led there. It
-- did not end, and the person may go back or begin again; but nobody who looks at
-- a list should take it for one that goes on.
ALTER TABLE execution ADD COLUMN failed INTEGER NOT NULL DEFAULT 0 CHECK (failed IN (0, 1));
ALTER TABLE popular ADD COLUMN failed INTEGER NOT NULL DEFAULT 0;

-- Those of before are known by what happened last. What a pause or a note came
-- after stays unmarked: a few, and the next turn mends it.
UPDATE execution SET failed = 1 WHERE ended = 0 AND (
  SELECT json_extract(t.events, '$[#-1].kind') FROM turn t WHERE t.execution = execution.n AND t.seq = execution.turns
) = 'failed';
UPDATE popular SET failed = f.times FROM (
  SELECT project, procedure, date(started / 1000000, 'unixepoch') AS day, count(*) AS times FROM execution WHERE failed = 1 AND test = 0 GROUP BY 1, 2, 3
) f WHERE popular.project = f.project AND popular.procedure = f.procedure AND popular.day = f.day;

-- Nobody left what a problem stopped: it is not looked through for what to abandon.
DROP INDEX execution_open;
CREATE INDEX execution_open ON execution (started, n) WHERE ended = 0 AND failed = 0;
CREATE INDEX execution_failed ON execution (project, started, n) WHERE failed = 1;
