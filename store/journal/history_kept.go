package journal

import (
	"selfhelp/app/procedure"
	"selfhelp/store/db"
)

const (
	sqlHistoryTurns = `SELECT seq, parent, input, step, at FROM turn WHERE execution = ? ORDER BY seq`
	sqlHistoryParts = `SELECT server, theirs, at, answers, seq, within, ended, outcome, failed, abandoned FROM gathered_turn WHERE execution = ?`
	sqlTurnBrought  = `INSERT INTO turn (execution, seq, parent, input, step, at, events, state) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`
	sqlPartBrought  = `INSERT INTO gathered_turn (execution, server, theirs, at, answers, seq, within, ended, outcome, failed, abandoned) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
	sqlPartLeft     = `UPDATE gathered_turn SET abandoned = 1 WHERE execution = ? AND server = ? AND theirs = ? AND at = ?`
)

// Begun is the history of an execution that a server brings.
func Begun(server string) *History { return &History{only: server} }

// HistoryOf reads the turns of an execution. Where nothing is kept of whose they
// are, they are those of the server that it was begun on, and the last left it as
// it stands.
func HistoryOf(t *db.Tx, execution int64, server string, stands Left) (*History, error) {
	turns, err := db.ListIn(t, func(r db.Row) (k answered, err error) {
		return k, r.Scan(&k.seq, &k.parent, &k.input, &k.step, &k.at)
	}, sqlHistoryTurns, execution)
	if err != nil {
		return nil, err
	}
	parts, err := db.ListIn(t, func(r db.Row) (p part, err error) {
		return p, r.Scan(&p.server, &p.theirs, &p.at, &p.answers, &p.seq, &p.left.Within, &p.left.Ended, &p.left.Outcome, &p.left.Failed, &p.abandoned)
	}, sqlHistoryParts, execution)
	if err != nil || len(parts) > 0 || server == "" {
		return &History{turns: turns, parts: parts, kept: len(parts)}, err
	}
	h := &History{turns: turns, only: server}
	last := h.Last().Seq
	for _, k := range turns {
		p := part{server: server, theirs: k.seq, at: k.at, answers: k.parent, seq: k.seq}
		if k.seq == last {
			p.left, p.abandoned = stands, stands.Outcome == string(procedure.Abandoned)
			if p.abandoned {
				p.left.Ended, p.left.Outcome = false, ""
			}
		}
		h.parts = append(h.parts, p)
	}
	return h, nil
}

// Keep keeps a turn of a server at its place. The state of one whose execution
// is nobody's any more is not kept.
func (h *History) Keep(t *db.Tx, execution int64, server string, u *Turn, stateless bool) (Placed, error) {
	at := h.Place(server, u)
	if at.Known || at.Same {
		return at, nil
	}
	state := db.Blob(u.State)
	if stateless {
		state = []byte{}
	}
	_, err := t.Exec(sqlTurnBrought, execution, at.Seq, at.Parent, u.Input, u.Step, u.At, string(u.Events), state)
	return at, err
}

// KeepAbandoned keeps that a server found an execution abandoned.
func (h *History) KeepAbandoned(t *db.Tx, execution int64, server string, theirs int64) error {
	i := h.abandon(server, theirs)
	if i < 0 || i >= h.kept {
		return nil // there is no such turn, or it is kept with the others
	}
	_, err := t.Exec(sqlPartLeft, execution, server, theirs, h.parts[i].at)
	return err
}

// KeepParts keeps whose turns they are, once they are of several servers or have
// other numbers there.
func (h *History) KeepParts(t *db.Tx, execution int64) error {
	if h.only != "" {
		return nil
	}
	for _, p := range h.parts[h.kept:] {
		_, err := t.Exec(sqlPartBrought, execution, p.server, p.theirs, p.at, p.answers, p.seq, p.left.Within, p.left.Ended, p.left.Outcome, p.left.Failed, p.abandoned)
		if err != nil {
			return err
		}
	}
	h.kept = len(h.parts)
	return nil
}
