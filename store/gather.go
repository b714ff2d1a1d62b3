package store

import (
	"context"
	"encoding/json"
	"time"

	"selfhelp/app/execution"
	"selfhelp/app/procedure"
	"selfhelp/store/db"
	"selfhelp/store/journal"
)

const (
	sqlGatheredFind   = `SELECT n, id, project, procedure, alias, version, user, pseudonym, owner, channel, language, test, started, touched, ended, outcome, failed, step, turns, label, server, within, erased FROM execution WHERE id = ?`
	sqlGatheredAdd    = `INSERT INTO execution (id, project, procedure, alias, version, user, pseudonym, owner, channel, language, test, started, touched, server, erased) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING n`
	sqlGatheredSet    = `UPDATE execution SET started = ?, touched = ?, ended = ?, outcome = ?, failed = ?, step = ?, within = ?, turns = ?, server = ? WHERE n = ?`
	sqlGatheredPause  = `UPDATE execution SET resume = ?1, label = ?2 WHERE n = ?3 AND (?1 = '' OR NOT EXISTS (SELECT 1 FROM execution WHERE resume = ?1 AND n <> ?3))`
	sqlGatheredPostit = `INSERT INTO postit (execution, procedure, step, text, at, origin) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (origin) WHERE origin <> '' DO NOTHING`
	sqlGatheredSaid   = `INSERT INTO feedback (execution, procedure, step, scale, score, comment, at) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (execution, step) DO UPDATE SET done = iif(comment = excluded.comment, done, 0), scale = excluded.scale, score = excluded.score, comment = excluded.comment, at = excluded.at WHERE excluded.at > at`
	sqlGoneOrErased   = `SELECT EXISTS (SELECT 1 FROM gone WHERE execution = ?), EXISTS (SELECT 1 FROM erased WHERE name = ?)`
)

// Gather takes in what happened on another server: all of a batch and how far it
// leads, or nothing. A batch that does not begin where the last one ended is
// refused with journal.OutOfOrder, which says where to go on. What was taken in
// before changes nothing, and what was removed here stays away.
func (a *Activity) Gather(ctx context.Context, server string, b Batch) error {
	return a.Write(ctx, "gather from server "+server, func(t *db.Tx) error {
		if err := journal.Follow(t, server, b); err != nil {
			return err
		}
		g := &gathering{t: t, server: server, all: map[string]*gathered{}}
		for _, e := range b.Entries {
			if err := g.take(e); err != nil {
				return err
			}
		}
		for _, x := range g.order {
			if err := g.settle(x); err != nil {
				return err
			}
		}
		return nil
	})
}

// gathering is one batch on its way in.
type gathering struct {
	t      *db.Tx
	server string
	all    map[string]*gathered
	order  []*gathered
}

// gathered is an execution that a batch speaks of.
type gathered struct {
	Execution
	within  string
	erased  bool               // it takes nothing more
	gone    bool               // nor does it come back
	told    *journal.Execution // as the other server has it
	history *journal.History   // nil until there is a turn to take in
	before  journal.Last
	stood   Execution // when the batch began
}

func (g *gathering) take(e journal.Entry) error {
	switch {
	case e.Execution != nil:
		return g.execution(e.Execution)
	case e.Turn != nil:
		return g.turn(g.all[e.Turn.Execution], e.Turn)
	case e.Pause != nil:
		return g.pause(g.all[e.Pause.Execution], e.Pause)
	case e.Abandoned != nil:
		return g.abandoned(g.all[e.Abandoned.Execution], e.Abandoned)
	case e.Postit != nil:
		return g.postit(g.all[e.Postit.Execution], e.Postit)
	case e.Feedback != nil:
		return g.feedback(g.all[e.Feedback.Execution], e.Feedback)
	case e.Search != nil:
		return journal.TakeSearch(g.t, g.server, e.Search)
	case e.Message != nil:
		return journal.TakeMessage(g.t, g.server, e.Message)
	}
	return journal.TakeAudit(g.t, g.server, e.Audit)
}

// execution finds the execution that entries after it speak of, or begins it.
func (g *gathering) execution(e *journal.Execution) error {
	if x := g.all[e.ID]; x != nil {
		x.told = e
		return nil
	}
	found, err := db.ListIn(g.t, func(r db.Row) (*gathered, error) {
		x := &gathered{}
		return x, r.Scan(append(x.columns(), &x.within, &x.erased)...)
	}, sqlGatheredFind, e.ID)
	if err != nil {
		return err
	}
	x := &gathered{history: journal.Begun(g.server)}
	if len(found) > 0 {
		x = found[0]
	} else if err := g.begin(x, e); err != nil {
		return err
	}
	x.told, x.stood = e, x.Execution
	g.all[e.ID], g.order = x, append(g.order, x)
	return nil
}

// begin keeps an execution that was not known, unless it was removed. One of
// somebody who was erased is nobody's: that it took place is counted.
func (g *gathering) begin(x *gathered, e *journal.Execution) error {
	_, err := db.OneIn(g.t, func(r db.Row) (struct{}, error) { return struct{}{}, r.Scan(&x.gone, &x.erased) }, sqlGoneOrErased, e.ID, e.User)
	if err != nil || x.gone {
		return err
	}
	x.Execution = Execution{
		ID: e.ID, Project: e.Project, Procedure: e.Procedure, Alias: e.Alias, Version: e.Version, User: e.User, Pseudonym: e.Pseudonym, Owner: e.Owner,
		Channel: e.Channel, Language: e.Language, Test: e.Test, Started: moment(e.Started), Touched: moment(e.Started), Server: g.server,
	}
	if x.erased {
		x.User, x.Pseudonym, x.Owner = "", false, ""
	}
	x.n, err = db.Returning(g.t, db.ScanNumber, sqlGatheredAdd, x.ID, x.Project, x.Procedure, x.Alias, x.Version, x.User, x.Pseudonym, x.Owner,
		x.Channel, x.Language, x.Test, e.Started, e.Started, x.Server, x.erased)
	if err != nil || x.Test {
		return err
	}
	beside(g.t).tally.popular(x.Execution, x.Started).started++
	if x.User == "" || x.Pseudonym {
		return nil
	}
	_, err = g.t.Exec(sqlRecentKeep, x.User, x.Project, x.Procedure, e.Started)
	return err
}

// historyOf reads the turns of an execution once.
func (g *gathering) historyOf(x *gathered) (err error) {
	if x.history != nil {
		return nil
	}
	stands := journal.Left{Within: x.within, Ended: !x.Ended.IsZero(), Outcome: string(x.Outcome), Failed: x.Failed}
	if x.history, err = journal.HistoryOf(g.t, x.n, x.Server, stands); err == nil {
		x.before = x.history.Last()
	}
	return err
}

func (g *gathering) turn(x *gathered, u *journal.Turn) error {
	if x.gone || x.erased {
		return nil
	}
	if err := g.historyOf(x); err != nil {
		return err
	}
	at, err := x.history.Keep(g.t, x.n, g.server, u, x.Pseudonym)
	if err != nil || at.Known || at.Same {
		return err
	}
	if u.Parent == 0 {
		x.Server = g.server
	}
	if x.Test {
		return nil
	}
	ways, err := waysOf(u.Events)
	if err != nil {
		return err
	}
	beside(g.t).tally.ways(x.Execution, ways, moment(u.At))
	return nil
}

// waysOf are the ways that the events of a turn tell of.
func waysOf(events json.RawMessage) (ways []Passage, err error) {
	var all []struct {
		Kind      execution.EventKind `json:"kind"`
		Procedure string              `json:"procedure"`
		Step      string              `json:"step"`
		Edge      string              `json:"edge"`
	}
	if err := json.Unmarshal(events, &all); err != nil {
		return nil, err
	}
	for _, e := range all {
		if e.Kind == execution.EventEdge {
			ways = append(ways, Passage{e.Procedure, e.Step, e.Edge})
		}
	}
	return ways, nil
}

func (g *gathering) abandoned(x *gathered, left *journal.Abandoned) error {
	if x.gone || x.erased {
		return nil
	}
	if err := g.historyOf(x); err != nil {
		return err
	}
	return x.history.KeepAbandoned(g.t, x.n, g.server, left.Seq)
}

func (g *gathering) pause(x *gathered, p *journal.Pause) error {
	if x.gone || x.erased || x.Pseudonym {
		return nil
	}
	_, err := g.t.Exec(sqlGatheredPause, p.Resume, p.Label, x.n)
	return err
}

// postit takes in a post-it. One that is here stays as it is: what was done about
// it was done here.
func (g *gathering) postit(x *gathered, p *journal.Postit) error {
	if x.gone || x.erased {
		return nil
	}
	_, err := g.t.Exec(sqlGatheredPostit, x.n, p.Within, p.Step, p.Text, p.At, journal.Origin(g.server, p.ID, p.At))
	return err
}

// feedback takes in an opinion, unless one was given at the step later; of
// somebody who was erased, only the score.
func (g *gathering) feedback(x *gathered, f *journal.Feedback) error {
	if x.gone {
		return nil
	}
	comment := f.Comment
	if x.erased {
		comment = ""
	}
	_, err := g.t.Exec(sqlGatheredSaid, x.n, f.Within, f.Step, f.Scale, f.Score, comment, f.At)
	return err
}

// settle keeps where an execution stands after a batch, and counts what changed.
func (g *gathering) settle(x *gathered) error {
	if x.gone {
		return nil
	}
	if x.history != nil {
		if err := x.history.KeepParts(g.t, x.n); err != nil {
			return err
		}
	}
	now := *x
	now.stand()
	if began := moment(x.told.Started); began.Before(x.Started) {
		now.Started = began
	}
	if now.Execution == x.stood && now.within == x.within {
		return nil
	}
	if !x.Test {
		beside(g.t).tally.corrected(x.stood, now.Execution)
	}
	_, err := g.t.Exec(sqlGatheredSet, db.Instant(now.Started), db.Instant(now.Touched), db.Instant(now.Ended), string(now.Outcome), now.Failed,
		now.Step, now.within, now.Turns, now.Server, now.n)
	return err
}

// stand says where an execution stands: by its turns, or, where there are none,
// as the other server has it.
func (x *gathered) stand() {
	if x.history == nil && x.Turns > 0 {
		return
	}
	if x.history == nil || x.history.Turns() == 0 {
		x.Touched, x.Ended, x.Outcome, x.Failed = moment(x.told.Touched), moment(x.told.Ended), procedure.Outcome(x.told.Outcome), x.told.Failed
		x.Step, x.within = x.told.Step, x.told.Within
		return
	}
	x.Turns = x.history.Turns()
	last := x.history.Last()
	if !last.Theirs || last.Seq == x.before.Seq && last.Abandoned == x.before.Abandoned {
		return
	}
	x.Step, x.within, x.Touched = last.Step, last.Left.Within, moment(last.At)
	x.Ended, x.Outcome, x.Failed = time.Time{}, "", last.Left.Failed
	switch {
	case last.Left.Ended:
		x.Ended, x.Outcome = x.Touched, procedure.Outcome(last.Left.Outcome)
	case last.Abandoned && !last.Left.Failed:
		x.Ended, x.Outcome = x.Touched, procedure.Abandoned
	}
}

func moment(micros int64) time.Time {
	if micros == 0 {
		return time.Time{}
	}
	return time.UnixMicro(micros).UTC()
}
