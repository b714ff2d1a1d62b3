package journal

import (
	"selfhelp/store/db"
)

// Triggers write the journal, in the transaction of what they note: whatever
// changes the tables is noted, by whichever statement. They stay in the
// database, so that a command which opens it for a moment notes, too. None is on
// a column that every answer sets: that would cost it more than the note.
const (
	sqlNoteBegun = `CREATE TRIGGER IF NOT EXISTS journal_begun AFTER INSERT ON execution BEGIN
  INSERT INTO journal (at, kind, row) VALUES (new.started, 'begun', new.n);
END`
	sqlNoteTurn = `CREATE TRIGGER IF NOT EXISTS journal_turn AFTER INSERT ON turn BEGIN
  INSERT INTO journal (at, kind, row, turn) VALUES (new.at, 'turn', new.execution, new.seq);
END`
	sqlNotePause = `CREATE TRIGGER IF NOT EXISTS journal_pause AFTER UPDATE OF resume, label ON execution WHEN new.user = old.user AND (new.resume <> old.resume OR new.label <> old.label) BEGIN
  INSERT INTO journal (at, kind, row) VALUES (CAST(unixepoch('subsec') * 1000000 AS INTEGER), 'pause', new.n);
END`
	sqlNotePostit = `CREATE TRIGGER IF NOT EXISTS journal_postit AFTER INSERT ON postit BEGIN
  INSERT INTO journal (at, kind, row, turn) VALUES (new.at, 'postit', new.execution, new.id);
END`
	sqlNoteFeedback = `CREATE TRIGGER IF NOT EXISTS journal_feedback AFTER INSERT ON feedback BEGIN
  INSERT INTO journal (at, kind, row, name) VALUES (new.at, 'feedback', new.execution, new.step);
END`
	sqlNoteFeedbackAgain = `CREATE TRIGGER IF NOT EXISTS journal_feedback_again AFTER UPDATE OF score ON feedback BEGIN
  INSERT INTO journal (at, kind, row, name) VALUES (new.at, 'feedback', new.execution, new.step);
END`
	sqlNoteSearch = `CREATE TRIGGER IF NOT EXISTS journal_search AFTER INSERT ON search BEGIN
  INSERT INTO journal (at, kind, row) VALUES (new.at, 'search', new.id);
END`
	sqlNoteClick = `CREATE TRIGGER IF NOT EXISTS journal_click AFTER UPDATE OF clicked ON search BEGIN
  INSERT INTO journal (at, kind, row) VALUES (new.at, 'search', new.id);
END`
	sqlNoteMessage = `CREATE TRIGGER IF NOT EXISTS journal_message AFTER INSERT ON outbox BEGIN
  INSERT INTO journal (at, kind, row) VALUES (new.created, 'message', new.id);
END`
	sqlNoteMessageState = `CREATE TRIGGER IF NOT EXISTS journal_message_state AFTER UPDATE OF state, error ON outbox BEGIN
  INSERT INTO journal (at, kind, row) VALUES (CAST(unixepoch('subsec') * 1000000 AS INTEGER), 'message', new.id);
END`
)

// triggers are made in every folder that has a journal, each time it is opened:
// a migration that makes a table anew loses those of the old one.
var triggers = []string{
	sqlNoteBegun, sqlNoteTurn, sqlNotePause, sqlNotePostit, sqlNoteFeedback, sqlNoteFeedbackAgain,
	sqlNoteSearch, sqlNoteClick, sqlNoteMessage, sqlNoteMessageState,
}

// drops take them out again.
var drops = []string{
	sqlDropBegun, sqlDropTurn, sqlDropPause, sqlDropPostit, sqlDropFeedback, sqlDropFeedbackAgain,
	sqlDropSearch, sqlDropClick, sqlDropMessage, sqlDropMessageState,
	sqlForget, sqlForgetAcknowledged, sqlForgetState,
}

const (
	sqlDropBegun         = `DROP TRIGGER IF EXISTS journal_begun`
	sqlDropTurn          = `DROP TRIGGER IF EXISTS journal_turn`
	sqlDropPause         = `DROP TRIGGER IF EXISTS journal_pause`
	sqlDropPostit        = `DROP TRIGGER IF EXISTS journal_postit`
	sqlDropFeedback      = `DROP TRIGGER IF EXISTS journal_feedback`
	sqlDropFeedbackAgain = `DROP TRIGGER IF EXISTS journal_feedback_again`
	sqlDropSearch        = `DROP TRIGGER IF EXISTS journal_search`
	sqlDropClick         = `DROP TRIGGER IF EXISTS journal_click`
	sqlDropMessage       = `DROP TRIGGER IF EXISTS journal_message`
	sqlDropMessageState  = `DROP TRIGGER IF EXISTS journal_message_state`

	sqlForget             = `DELETE FROM journal`
	sqlForgetAcknowledged = `DELETE FROM journal_acknowledged`
	sqlForgetState        = `DELETE FROM journal_state`
	// The last note of the one before stays, so that numbers go on from it.
	sqlForgetBefore = `DELETE FROM journal WHERE n < ?`
	sqlStateMake    = `INSERT INTO journal_state (id, journal, first, acknowledged) VALUES (1, ?1, ?2 + 1, ?2)`

	// Everything that is there, in an order in which it could have happened.
	sqlRenoteBegun     = `INSERT INTO journal (at, kind, row) SELECT started, 'begun', n FROM execution ORDER BY n`
	sqlRenoteTurns     = `INSERT INTO journal (at, kind, row, turn) SELECT at, 'turn', execution, seq FROM turn ORDER BY id`
	sqlRenoteAbandoned = `INSERT INTO journal (at, kind, row, turn) SELECT ended, 'abandoned', n, turns FROM execution WHERE outcome = 'abandoned' ORDER BY n`
	sqlRenotePauses    = `INSERT INTO journal (at, kind, row) SELECT touched, 'pause', n FROM execution WHERE resume <> '' OR label <> '' ORDER BY n`
	sqlRenotePostits   = `INSERT INTO journal (at, kind, row, turn) SELECT at, 'postit', execution, id FROM postit ORDER BY id`
	sqlRenoteFeedback  = `INSERT INTO journal (at, kind, row, name) SELECT at, 'feedback', execution, step FROM feedback ORDER BY execution, step`
	sqlRenoteSearches  = `INSERT INTO journal (at, kind, row) SELECT at, 'search', id FROM search ORDER BY id`
	sqlRenoteMessages  = `INSERT INTO journal (at, kind, row) SELECT created, 'message', id FROM outbox ORDER BY id`
	sqlHead            = `SELECT coalesce(max(n), 0) FROM journal`
)

// renotes note what is there in a new journal.
var renotes = []string{
	sqlRenoteBegun, sqlRenoteTurns, sqlRenoteAbandoned, sqlRenotePauses, sqlRenotePostits, sqlRenoteFeedback, sqlRenoteSearches, sqlRenoteMessages,
}

// Begin makes the journal of a database that has none, with what is in it
// already, and the triggers that go on with it.
func Begin(t *db.Tx) error {
	for _, query := range triggers {
		if _, err := t.Exec(query); err != nil {
			return err
		}
	}
	if going, err := Going(t); err != nil || going {
		return err
	}
	return Renew(t)
}

// sqlNoteAbandoned writes nothing where there is no journal.
const sqlNoteAbandoned = `INSERT INTO journal (at, kind, row, turn) SELECT ?1, 'abandoned', n, turns FROM execution WHERE n = ?2 AND EXISTS (SELECT 1 FROM journal_state)`

// NoteAbandoned notes that retention found an execution abandoned.
func NoteAbandoned(t *db.Tx, execution int64) error {
	_, err := t.Exec(sqlNoteAbandoned, db.Instant(t.Now), execution)
	return err
}

// Going reports whether a database has a journal.
func Going(t *db.Tx) (bool, error) {
	known, err := db.ListIn(t, scanState, sqlState)
	return len(known) > 0, err
}

// Renew begins the journal anew, under a name of its own, with everything that
// is there. It is for when the one who reads it cannot go on from where it was:
// either of the two was brought back to an earlier moment.
func Renew(t *db.Tx) error {
	head, err := db.OneIn(t, db.ScanNumber, sqlHead)
	if err != nil {
		return err
	}
	if _, err := t.Exec(sqlForgetBefore, head); err != nil {
		return err
	}
	for _, query := range []string{sqlForgetAcknowledged, sqlForgetState} {
		if _, err := t.Exec(query); err != nil {
			return err
		}
	}
	if _, err := t.Exec(sqlStateMake, db.NewID(), head); err != nil {
		return err
	}
	for _, query := range renotes {
		if _, err := t.Exec(query); err != nil {
			return err
		}
	}
	return nil
}

// End takes the journal out of a database whose server is no presentation
// server any more. What was not brought to the edition server is here only.
func End(t *db.Tx) error {
	for _, query := range drops {
		if _, err := t.Exec(query); err != nil {
			return err
		}
	}
	return nil
}
