package watch

import (
	"maps"
	"slices"
	"time"

	"selfhelp/store"
)

// JudgeReplica says how the copy at the second site is: whether it has what is new, and
// which moments it cannot give back. All who show it ask here.
func JudgeReplica(c *Replica, now time.Time, served bool) []Row {
	if c == nil {
		return []Row{{Subject: Copy, State: None, Figure: say("status.none"), Mend: mend("admin.fact.copy.none.do")}}
	}
	return []Row{judgeCopy(c, now, served), judgeMoments(c)}
}

func judgeCopy(c *Replica, now time.Time, served bool) Row {
	lag, do := c.Lag(now), "admin.alert.copy.do"
	r := Row{Subject: Copy, State: Well, Figure: say("status.lag", lag), Detail: []Said{say("admin.fact.copy.where", c.Target, c.Epoch)}}
	if c.Well && c.Behind == 0 && lag < LateCopy { // since it was asked last, nothing was written that is not there
		r.Figure = say("admin.fact.copy.well")
	}
	if c.Why != "" {
		r.Detail, do = append(r.Detail, say("status.copy."+c.Why)), "status.copy."+c.Why+".do"
	}
	for _, d := range []struct {
		key string
		n   uint64
	}{{"status.behind", c.Behind}, {"status.errors", c.Errors}, {"status.unsecured", c.Unsecured}} {
		if d.n > 0 {
			r.Detail = append(r.Detail, count(d.key, int(d.n)))
		}
	}
	switch {
	case c.Replaced != "":
		r.State, r.Figure, r.Mend = Wrong, say("admin.alert.replaced", c.Replaced), mend("admin.alert.replaced.do")
	case c.Twin != "":
		r.State, r.Figure, r.Since, r.Mend = Wrong, say("admin.alert.twin", c.Twin), c.Whole, mend("admin.alert.twin.do")
	case c.Silent:
		r.State, r.Figure, r.Mend = Warn, say("status.silent"), mend(do)
	case c.Whole.IsZero():
		r.State, r.Figure, r.Mend, r.Alert = Wrong, say("status.lag.never"), mend(do), mend("admin.alert.copy.never", c.Target)
		if served { // nobody knows what came before
			r.Figure = say("status.lag.start")
		}
	case !served: // nothing is written that would have to be copied
		r.Figure = say("status.whole", c.Whole)
	case lag >= LateCopy || !c.Well:
		r.State, r.Since, r.Mend, r.Alert = Warn, c.Whole, mend(do), mend("admin.alert.copy.old", c.Whole)
		if lag >= OldCopy {
			r.State = Wrong
		}
	}
	return r
}

// shownLacks is how many gaps are named, or files.
const shownLacks = 5

// judgeSpoilt says which files are damaged; nothing where none is known to be.
func judgeSpoilt(c *Replica) []Row {
	if c == nil || len(c.Spoilt) == 0 {
		return nil
	}
	r := Row{Subject: Damaged, State: Wrong, Figure: count("status.spoilt", len(c.Spoilt)), Mend: mend("status.spoilt.do")}
	for _, hash := range slices.Sorted(maps.Keys(c.Spoilt)) {
		switch where := c.Spoilt[hash]; {
		case len(r.Detail) == shownLacks:
		case where == "":
			r.Detail = append(r.Detail, say("status.spoilt.lost", hash))
		default:
			r.Detail = append(r.Detail, say("status.spoilt.kept", hash, where))
		}
	}
	return []Row{r}
}

func judgeMoments(c *Replica) Row {
	r := Row{Subject: Moments, State: Well, Figure: say("status.moments", c.Examined)}
	if c.Examined.IsZero() {
		r.State, r.Figure = Unknown, say("status.moments.unknown")
	}
	for i, l := range c.Lacks {
		if l.Before.IsZero() {
			r.State, r.Mend = Wrong, mend("status.moments.open.do")
		} else if r.State != Wrong {
			r.State, r.Mend = Warn, mend("status.moments.do")
		}
		if i == 0 {
			first := sayLack(l)
			r.Figure, r.Alert = count("status.moments.lacks", len(c.Lacks)), &first
		}
		if i < shownLacks {
			r.Detail = append(r.Detail, sayLack(l))
		}
		if l.File != "" && i < shownLacks {
			r.Detail = append(r.Detail, say("status.moments.file", l.File))
		}
	}
	return r
}

func sayLack(l store.Lack) Said {
	switch {
	case l.Before.IsZero() && l.After.IsZero():
		return say("status.moments.nothing", l.Database)
	case l.Before.IsZero():
		return say("status.moments.open", l.Database, Moment(l.After))
	case l.After.IsZero():
		return say("status.moments.before", l.Database, Moment(l.Before))
	}
	return say("status.moments.between", l.Database, Moment(l.After), Moment(l.Before))
}
