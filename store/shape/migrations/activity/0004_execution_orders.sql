-- Which procedure the step is of, when it is not the entry point.
ALTER TABLE execution ADD COLUMN within TEXT NOT NULL DEFAULT '';

-- Lists by outcome, by person and by duration, and where people left. None of
-- these is written by an answer that does not end an execution.
CREATE INDEX execution_outcome ON execution (project, outcome, started, n);
CREATE INDEX execution_person ON execution (project, user, started, n);
CREATE INDEX execution_took ON execution (project, ended - started, n, procedure, version, outcome, started, test) WHERE ended > 0;
CREATE INDEX execution_left ON execution (project, started, n, procedure, within, step) WHERE outcome = 'abandoned' AND test = 0;
