package journal

import "selfhelp/store/db"

const (
	sqlHistoryTurns = `SELECT seq, parent, input, step, at FROM turn WHERE execution = ? ORDER BY seq`
	sqlHistoryParts = `SELECT server, theirs, at, answers, seq, within, ended, outcome, failed, abandoned FROM gathered_turn WHERE execution = ?`
	sqlTurnBrought  = `INSERT INTO turn (execution, seq, parent, input, step, at, events, state) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`
	sqlPartBrought  = `INSERT INTO gathered_turn (execution, server, theirs, at, answers, seq, within, ended, outcome, failed) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
	sqlPartLeft     = `UPDATE gathered_turn SET abandoned = 1 WHERE execution = ? AND server = ? AND theirs = ? AND at = ?`
)

// HistoryOf reads the turns of an execution.
func HistoryOf(t *db.Tx, execution int64) (*History, error) {
	turns, err := db.ListIn(t, func(r db.Row) (k answered, err error) { return k, r.Scan(&k.seq, &k.parent, &k.input, &k.step, &k.at) }, sqlHistoryTurns, execution)
	if err != nil {
		return nil, err
	}
	parts, err := db.ListIn(t, func(r db.Row) (p part, err error) {
		return p, r.Scan(&p.server, &p.theirs, &p.at, &p.answers, &p.seq, &p.left.Within, &p.left.Ended, &p.left.Outcome, &p.left.Failed, &p.abandoned)
	}, sqlHistoryParts, execution)
	return &History{turns, parts}, err
}

// Keep keeps a turn of a server at its place. The state of one whose execution
// is nobody's any more is not kept.
func (h *History) Keep(t *db.Tx, execution int64, server string, u *Turn, stateless bool) (Placed, error) {
	at := h.Place(server, u)
	if at.Known {
		return at, nil
	}
	if !at.Same {
		state := db.Blob(u.State)
		if stateless {
			state = []byte{}
		}
		if _, err := t.Exec(sqlTurnBrought, execution, at.Seq, at.Parent, u.Input, u.Step, u.At, string(u.Events), state); err != nil {
			return at, err
		}
	}
	_, err := t.Exec(sqlPartBrought, execution, server, u.Seq, u.At, u.Parent, at.Seq, u.Within, u.Ended, u.Outcome, u.Failed)
	return at, err
}

// KeepAbandoned keeps that a server found an execution abandoned.
func (h *History) KeepAbandoned(t *db.Tx, execution int64, server string, theirs int64) error {
	at, found := h.Abandon(server, theirs)
	if !found {
		return nil
	}
	_, err := t.Exec(sqlPartLeft, execution, server, theirs, at)
	return err
}
