package journal

import (
	"errors"
	"fmt"
	"slices"

	"selfhelp/app/procedure"
)

// Bounds of single fields. Texts are bounded by their entry.
const (
	maxName   = 4096
	maxNumber = 1 << 40
	maxTime   = 253402300799999999 // the end of the year 9999
)

// check finds what no journal writes. It is what stands between a server that
// went wrong and the tables of this one.
func (b Batch) check(size int) error {
	if err := errors.Join(b.From.check(), b.To.check()); err != nil {
		return err
	}
	if b.From.Journal != b.To.Journal || b.To.Journal == "" || b.From.N > b.To.N || b.From.Audit > b.To.Audit {
		return errors.New("it leads nowhere")
	}
	n, audit, notes := b.From.N, b.From.Audit, 0
	known := map[string]bool{}
	for i := range b.Entries {
		e := &b.Entries[i]
		if err := e.check(); err != nil {
			return fmt.Errorf("entry %d: %w", i+1, err)
		}
		switch {
		case e.Execution != nil:
			known[e.Execution.ID] = true
		case e.Audit != nil:
			if e.Audit.Seq != audit+1 {
				return fmt.Errorf("entry %d: entry %d of the audit follows %d", i+1, e.Audit.Seq, audit)
			}
			audit++
		default:
			if e.N <= n || e.N > b.To.N {
				return fmt.Errorf("entry %d: note %d follows %d", i+1, e.N, n)
			}
			n, notes = e.N, notes+1
		}
		if of := e.of(); of != "" && !known[of] {
			return fmt.Errorf("entry %d: nothing says what its execution is", i+1)
		}
	}
	if audit != b.To.Audit {
		return fmt.Errorf("its audit ends at %d", audit)
	}
	if size > MaxBatch && notes > 1 {
		return fmt.Errorf("it is larger than %d bytes", MaxBatch)
	}
	for i := range b.Entries {
		if len(b.Entries[i].line) > MaxEntry && len(b.Entries) > 2 { // more than it and its execution
			return fmt.Errorf("entry %d is larger than %d bytes", i+1, MaxEntry)
		}
	}
	return nil
}

func (c Cursor) check() error {
	if c.N < 0 || c.N > maxNumber || c.Audit < 0 || c.Audit > maxNumber || len(c.Journal) > maxName || len(c.Seal) > 64 {
		return errors.New("its cursor cannot be")
	}
	return nil
}

// check looks at one entry by itself.
func (e *Entry) check() error {
	set, ok := 0, true
	hold := func(is, holds bool) {
		if is {
			set, ok = set+1, ok && holds
		}
	}
	if x := e.Execution; x != nil {
		hold(true, e.N == 0 && names(x.ID, x.Project, x.Procedure) && bounded(x.Alias, x.Version, x.User, x.Owner, x.Channel, x.Language, x.Step, x.Within) &&
			times(x.Started, x.Touched, x.Ended) && outcome(x.Outcome))
	}
	if u := e.Turn; u != nil {
		hold(true, names(u.Execution) && u.Seq > 0 && u.Seq < maxNumber && u.Parent >= 0 && u.Parent < u.Seq && bounded(u.Input, u.Step, u.Within) &&
			times(u.At) && outcome(u.Outcome) && len(u.Events) > 0)
	}
	if p := e.Pause; p != nil {
		hold(true, names(p.Execution) && bounded(p.Resume))
	}
	if a := e.Abandoned; a != nil {
		hold(true, names(a.Execution) && a.Seq > 0)
	}
	if p := e.Postit; p != nil {
		hold(true, names(p.Execution) && p.ID > 0 && bounded(p.Within, p.Step) && times(p.At))
	}
	if f := e.Feedback; f != nil {
		hold(true, names(f.Execution) && bounded(f.Within, f.Step, f.Scale) && times(f.At))
	}
	if s := e.Search; s != nil {
		hold(true, s.ID > 0 && bounded(s.Project, s.Language, s.Clicked) && times(s.At) && s.Hits >= 0)
	}
	if m := e.Message; m != nil {
		hold(true, names(m.Key) && bounded(m.Kind) && slices.Contains([]string{"waiting", "done", "failed"}, m.State) && times(m.Due, m.Created))
	}
	if a := e.Audit; a != nil {
		hold(true, e.N == 0 && len(a.Hash) == 32 && len(a.Previous) <= 32 && times(a.At) && len(a.Detail) > 0)
	}
	if set != 1 || !ok {
		return errors.New("it says nothing that is known")
	}
	return nil
}

// names reports whether each name is there and short.
func names(all ...string) bool { return !slices.Contains(all, "") && bounded(all...) }

func bounded(all ...string) bool {
	return !slices.ContainsFunc(all, func(s string) bool { return len(s) > maxName })
}

func times(all ...int64) bool {
	return !slices.ContainsFunc(all, func(at int64) bool { return at < 0 || at > maxTime })
}

func outcome(o string) bool {
	switch procedure.Outcome(o) {
	case "", procedure.Solved, procedure.Unsolved, procedure.Escalated, procedure.Informed, procedure.Abandoned:
		return true
	}
	return false
}
