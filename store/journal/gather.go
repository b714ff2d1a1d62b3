package journal

import (
	"encoding/json"

	"selfhelp/app/procedure"
	"selfhelp/store/db"
)

const (
	sqlGatheredFind   = `SELECT n, id, project, procedure, alias, version, user, pseudonym, owner, channel, language, test, started, touched, ended, outcome, failed, step, within, turns, server, erased FROM execution WHERE id = ?`
	sqlGatheredAdd    = `INSERT INTO execution (id, project, procedure, alias, version, user, pseudonym, owner, channel, language, test, started, touched, server, erased) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING n`
	sqlGatheredSet    = `UPDATE execution SET started = ?, touched = ?, ended = ?, outcome = ?, failed = ?, step = ?, within = ?, turns = ?, server = ? WHERE n = ?`
	sqlGatheredPause  = `UPDATE execution SET resume = ?1, label = ?2 WHERE n = ?3 AND (?1 = '' OR NOT EXISTS (SELECT 1 FROM execution WHERE resume = ?1 AND n <> ?3))`
	sqlGatheredPostit = `INSERT INTO postit (execution, procedure, step, text, at, origin) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (origin) WHERE origin <> '' DO NOTHING`
	sqlGatheredSaid   = `INSERT INTO feedback (execution, procedure, step, scale, score, comment, at) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (execution, step) DO UPDATE SET done = iif(comment = excluded.comment, done, 0), scale = excluded.scale, score = excluded.score, comment = excluded.comment, at = excluded.at WHERE excluded.at > at`
	sqlGatheredRecent = `INSERT INTO recent (user, project, procedure, at) VALUES (?, ?, ?, ?) ON CONFLICT (user, project, procedure) DO UPDATE SET at = max(at, excluded.at)`
	sqlGoneOrErased   = `SELECT EXISTS (SELECT 1 FROM gone WHERE execution = ?), EXISTS (SELECT 1 FROM erased WHERE name = ?)`
)

// Changing are the statements that change where executions stand.
var Changing = []string{sqlGatheredSet, sqlGatheredPause}

// Counters are those of the server that takes executions in. Tests are not
// counted.
type Counters interface {
	// Began counts an execution, of which nobody knows yet how it stands.
	Began(Execution)
	// Took counts ways that it took at a time.
	Took(x Execution, ways []Way, at int64)
	// Corrected counts it as what it turned out to be.
	Corrected(was, now Execution)
}

// Way is a way taken from a step.
type Way struct{ Procedure, Step, Edge string }

// Gather takes in a batch of a server: all of it and how far it leads, or nothing.
// It fails with OutOfOrder when the batch does not begin where the last one ended.
// What was taken in before changes nothing, and what was removed stays away.
func Gather(t *db.Tx, server string, b Batch, count Counters) error {
	if err := Follow(t, server, b); err != nil {
		return err
	}
	g := &gathering{t: t, server: server, count: count, all: map[string]*gathered{}}
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
}

// gathering is one batch on its way in.
type gathering struct {
	t      *db.Tx
	server string
	count  Counters
	all    map[string]*gathered
	order  []*gathered
}

// gathered is an execution that a batch speaks of.
type gathered struct {
	Execution
	n, turns int64
	server   string     // on which it was begun
	erased   bool       // it takes nothing more
	gone     bool       // nor does it come back
	told     *Execution // as the other server has it
	history  *History   // nil until there is a turn to take in
	before   Last
	stood    standing // when the batch began
}

// standing is what a batch may change of an execution.
type standing struct {
	Execution
	turns  int64
	server string
}

func (x *gathered) standing() standing { return standing{x.Execution, x.turns, x.server} }

func (g *gathering) take(e Entry) error {
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
		return TakeSearch(g.t, g.server, e.Search)
	case e.Message != nil:
		return TakeMessage(g.t, g.server, e.Message)
	}
	return TakeAudit(g.t, g.server, e.Audit)
}

// execution finds the execution that entries after it speak of, or begins it.
func (g *gathering) execution(e *Execution) error {
	if x := g.all[e.ID]; x != nil {
		x.told = e
		return nil
	}
	found, err := db.ListIn(g.t, func(r db.Row) (*gathered, error) {
		x := &gathered{}
		return x, r.Scan(&x.n, &x.ID, &x.Project, &x.Procedure, &x.Alias, &x.Version, &x.User, &x.Pseudonym, &x.Owner, &x.Channel, &x.Language, &x.Test,
			&x.Started, &x.Touched, &x.Ended, &x.Outcome, &x.Failed, &x.Step, &x.Within, &x.turns, &x.server, &x.erased)
	}, sqlGatheredFind, e.ID)
	if err != nil {
		return err
	}
	x := &gathered{history: Begun(g.server)}
	if len(found) > 0 {
		x = found[0]
	} else if err := g.begin(x, e); err != nil {
		return err
	}
	x.told, x.stood = e, x.standing()
	g.all[e.ID], g.order = x, append(g.order, x)
	return nil
}

// begin keeps an execution that was not known, unless it was removed. One of
// somebody who was erased is nobody's: that it took place is counted.
func (g *gathering) begin(x *gathered, e *Execution) error {
	_, err := db.OneIn(g.t, func(r db.Row) (struct{}, error) { return struct{}{}, r.Scan(&x.gone, &x.erased) }, sqlGoneOrErased, e.ID, e.User)
	if err != nil || x.gone {
		return err
	}
	x.Execution, x.server = *e, g.server
	x.Touched, x.Ended, x.Outcome, x.Failed, x.Step, x.Within = e.Started, 0, "", false, "", ""
	if x.erased {
		x.User, x.Pseudonym, x.Owner = "", false, ""
	}
	x.n, err = db.Returning(g.t, db.ScanNumber, sqlGatheredAdd, x.ID, x.Project, x.Procedure, x.Alias, x.Version, x.User, x.Pseudonym, x.Owner,
		x.Channel, x.Language, x.Test, e.Started, e.Started, x.server, x.erased)
	if err != nil || x.Test {
		return err
	}
	g.count.Began(x.Execution)
	if x.User == "" || x.Pseudonym {
		return nil
	}
	_, err = g.t.Exec(sqlGatheredRecent, x.User, x.Project, x.Procedure, e.Started)
	return err
}

// historyOf reads the turns of an execution once.
func (g *gathering) historyOf(x *gathered) (err error) {
	if x.history != nil {
		return nil
	}
	stands := Left{Within: x.Within, Ended: x.Ended > 0, Outcome: x.Outcome, Failed: x.Failed}
	if x.history, err = HistoryOf(g.t, x.n, x.server, stands); err == nil {
		x.before = x.history.Last()
	}
	return err
}

func (g *gathering) turn(x *gathered, u *Turn) error {
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
		x.server = g.server
	}
	if x.Test {
		return nil
	}
	ways, err := waysOf(u.Events)
	if err != nil {
		return err
	}
	g.count.Took(x.Execution, ways, u.At)
	return nil
}

// waysOf are the ways that the events of a turn tell of.
func waysOf(events json.RawMessage) (ways []Way, err error) {
	var all []struct {
		Kind string `json:"kind"`
		Way
	}
	if err := json.Unmarshal(events, &all); err != nil {
		return nil, err
	}
	for _, e := range all {
		if e.Kind == "edge" {
			ways = append(ways, e.Way)
		}
	}
	return ways, nil
}

func (g *gathering) abandoned(x *gathered, left *Abandoned) error {
	if x.gone || x.erased {
		return nil
	}
	if err := g.historyOf(x); err != nil {
		return err
	}
	return x.history.KeepAbandoned(g.t, x.n, g.server, left.Seq)
}

func (g *gathering) pause(x *gathered, p *Pause) error {
	if x.gone || x.erased || x.Pseudonym {
		return nil
	}
	_, err := g.t.Exec(sqlGatheredPause, p.Resume, p.Label, x.n)
	return err
}

// postit takes in a post-it. One that is here stays as it is: what was done about
// it was done here.
func (g *gathering) postit(x *gathered, p *Postit) error {
	if x.gone || x.erased {
		return nil
	}
	_, err := g.t.Exec(sqlGatheredPostit, x.n, p.Within, p.Step, p.Text, p.At, Origin(g.server, p.ID, p.At))
	return err
}

// feedback takes in an opinion, unless one was given at the step later; of
// somebody who was erased, only the score.
func (g *gathering) feedback(x *gathered, f *Feedback) error {
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
	now.Started = min(now.Started, x.told.Started)
	if now.standing() == x.stood {
		return nil
	}
	if !x.Test {
		g.count.Corrected(x.stood.Execution, now.Execution)
	}
	_, err := g.t.Exec(sqlGatheredSet, now.Started, now.Touched, now.Ended, now.Outcome, now.Failed, now.Step, now.Within, now.turns, now.server, now.n)
	return err
}

// stand says where an execution stands: by its turns, or, where there are none,
// as the other server has it.
func (x *gathered) stand() {
	if x.history == nil && x.turns > 0 {
		return
	}
	if x.history == nil || x.history.Turns() == 0 {
		x.Touched, x.Ended, x.Outcome, x.Failed = x.told.Touched, x.told.Ended, x.told.Outcome, x.told.Failed
		x.Step, x.Within = x.told.Step, x.told.Within
		return
	}
	x.turns = x.history.Turns()
	last := x.history.Last()
	if !last.Theirs || last.Seq == x.before.Seq && last.Abandoned == x.before.Abandoned {
		return
	}
	x.Step, x.Within, x.Touched = last.Step, last.Left.Within, last.At
	x.Ended, x.Outcome, x.Failed = 0, "", last.Left.Failed
	switch {
	case last.Left.Ended:
		x.Ended, x.Outcome = x.Touched, last.Left.Outcome
	case last.Abandoned && !last.Left.Failed:
		x.Ended, x.Outcome = x.Touched, string(procedure.Abandoned)
	}
}
