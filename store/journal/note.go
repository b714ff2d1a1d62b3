package journal

import (
	"selfhelp/store/db"
)

// Triggers write the journal, in the transaction of what they note: whatever
// changes the tables is noted, by whichever statement. They stay in the
// database, so that a command which opens it for a moment notes, too.
//
// The number of the note goes into the row it speaks of, which retention then
// leaves alone until the note is acknowledged.
const (
	sqlNoteBegun = `CREATE TRIGGER IF NOT EXISTS journal_begun AFTER INSERT ON execution BEGIN
  INSERT INTO journal (at, kind, row) VALUES (new.started, 'begun', new.n);
  UPDATE execution SET noted = last_insert_rowid() WHERE n = new.n;
END`
	sqlNoteTurn = `CREATE TRIGGER IF NOT EXISTS journal_turn AFTER UPDATE OF turns ON execution BEGIN
  INSERT INTO journal (at, kind, row, turn, name, ended, outcome, failed) VALUES (new.touched, 'turn', new.n, new.turns, new.within, new.ended > 0, new.outcome, new.failed);
  UPDATE execution SET noted = last_insert_rowid() WHERE n = new.n;
END`
	sqlNoteAbandoned = `CREATE TRIGGER IF NOT EXISTS journal_abandoned AFTER UPDATE OF outcome ON execution WHEN new.outcome = 'abandoned' AND old.outcome = '' AND new.turns = old.turns BEGIN
  INSERT INTO journal (at, kind, row, turn) VALUES (CAST(unixepoch('subsec') * 1000000 AS INTEGER), 'abandoned', new.n, new.turns);
  UPDATE execution SET noted = last_insert_rowid() WHERE n = new.n;
END`
	sqlNotePause = `CREATE TRIGGER IF NOT EXISTS journal_pause AFTER UPDATE OF resume, label ON execution WHEN new.user = old.user AND (new.resume <> old.resume OR new.label <> old.label) BEGIN
  INSERT INTO journal (at, kind, row) VALUES (CAST(unixepoch('subsec') * 1000000 AS INTEGER), 'pause', new.n);
  UPDATE execution SET noted = last_insert_rowid() WHERE n = new.n;
END`
	sqlNotePostit = `CREATE TRIGGER IF NOT EXISTS journal_postit AFTER INSERT ON postit BEGIN
  INSERT INTO journal (at, kind, row) VALUES (new.at, 'postit', new.id);
  UPDATE execution SET noted = last_insert_rowid() WHERE n = new.execution;
END`
	sqlNoteFeedback = `CREATE TRIGGER IF NOT EXISTS journal_feedback AFTER INSERT ON feedback BEGIN
  INSERT INTO journal (at, kind, row, name) VALUES (new.at, 'feedback', new.execution, new.step);
  UPDATE execution SET noted = last_insert_rowid() WHERE n = new.execution;
END`
	sqlNoteFeedbackAgain = `CREATE TRIGGER IF NOT EXISTS journal_feedback_again AFTER UPDATE OF score ON feedback BEGIN
  INSERT INTO journal (at, kind, row, name) VALUES (new.at, 'feedback', new.execution, new.step);
  UPDATE execution SET noted = last_insert_rowid() WHERE n = new.execution;
END`
	sqlNoteSearch = `CREATE TRIGGER IF NOT EXISTS journal_search AFTER INSERT ON search BEGIN
  INSERT INTO journal (at, kind, row) VALUES (new.at, 'search', new.id);
  UPDATE search SET noted = last_insert_rowid() WHERE id = new.id;
END`
	sqlNoteClick = `CREATE TRIGGER IF NOT EXISTS journal_click AFTER UPDATE OF clicked ON search BEGIN
  INSERT INTO journal (at, kind, row) VALUES (new.at, 'search', new.id);
  UPDATE search SET noted = last_insert_rowid() WHERE id = new.id;
END`
	sqlNoteMessage = `CREATE TRIGGER IF NOT EXISTS journal_message AFTER INSERT ON outbox BEGIN
  INSERT INTO journal (at, kind, row) VALUES (new.created, 'message', new.id);
  UPDATE outbox SET noted = last_insert_rowid() WHERE id = new.id;
END`
	sqlNoteMessageState = `CREATE TRIGGER IF NOT EXISTS journal_message_state AFTER UPDATE OF state, error ON outbox BEGIN
  INSERT INTO journal (at, kind, row) VALUES (CAST(unixepoch('subsec') * 1000000 AS INTEGER), 'message', new.id);
  UPDATE outbox SET noted = last_insert_rowid() WHERE id = new.id;
END`
)

// triggers are made in every folder that has a journal, each time it is opened:
// a migration that makes a table anew loses those of the old one.
var triggers = []string{
	sqlNoteBegun, sqlNoteTurn, sqlNoteAbandoned, sqlNotePause, sqlNotePostit, sqlNoteFeedback, sqlNoteFeedbackAgain,
	sqlNoteSearch, sqlNoteClick, sqlNoteMessage, sqlNoteMessageState,
}

// drops take them out again.
var drops = []string{
	sqlDropBegun, sqlDropTurn, sqlDropAbandoned, sqlDropPause, sqlDropPostit, sqlDropFeedback, sqlDropFeedbackAgain,
	sqlDropSearch, sqlDropClick, sqlDropMessage, sqlDropMessageState,
	sqlForget, sqlForgetAcknowledged, sqlForgetState,
}

const (
	sqlDropBegun         = `DROP TRIGGER IF EXISTS journal_begun`
	sqlDropTurn          = `DROP TRIGGER IF EXISTS journal_turn`
	sqlDropAbandoned     = `DROP TRIGGER IF EXISTS journal_abandoned`
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
	sqlStateMake    = `INSERT INTO journal_state (id, journal, first, whole, acknowledged) VALUES (1, ?1, ?2 + 1, ?2, ?2)`
	sqlStateWhole   = `UPDATE journal_state SET whole = ?`

	// Everything that is there, in an order in which it could have happened. How
	// a turn left its execution is known of the last one; of those before it, that
	// they did not end it, as far as they were answered.
	sqlRenoteBegun     = `INSERT INTO journal (at, kind, row) SELECT started, 'begun', n FROM execution ORDER BY n`
	sqlRenoteTurns     = `INSERT INTO journal (at, kind, row, turn, name, ended, outcome, failed) SELECT t.at, 'turn', t.execution, t.seq, iif(t.seq = e.turns, e.within, ''), t.seq = e.turns AND e.ended > 0 AND e.outcome <> 'abandoned', iif(t.seq = e.turns AND e.outcome <> 'abandoned', e.outcome, ''), t.seq = e.turns AND e.failed FROM turn t JOIN execution e ON e.n = t.execution ORDER BY t.id`
	sqlRenoteAbandoned = `INSERT INTO journal (at, kind, row, turn) SELECT ended, 'abandoned', n, turns FROM execution WHERE outcome = 'abandoned' ORDER BY n`
	sqlRenotePauses    = `INSERT INTO journal (at, kind, row) SELECT touched, 'pause', n FROM execution WHERE resume <> '' OR label <> '' ORDER BY n`
	sqlRenotePostits   = `INSERT INTO journal (at, kind, row) SELECT at, 'postit', id FROM postit ORDER BY id`
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
	if head, err = db.OneIn(t, db.ScanNumber, sqlHead); err != nil {
		return err
	}
	_, err = t.Exec(sqlStateWhole, head)
	return err
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
