package views

import (
	"cmp"
	"strconv"
	"time"
)

// AdminRecovery is the plan by which another site takes over.
type AdminRecovery struct {
	Office
	Run      RecoveryRun // the one that goes on; no phases when none does
	Past     []RecoveryRun
	Copy     *CopyFact // nil where nothing here copies the data
	Flags    string    // by which a command knows this server
	Serve    string    // by which the server of another site is what this one is
	Receive  string    // the folder for replicas of another site; "" for none
	Mails    bool      // there is a mail server
	TextMost int
	Text     string // as it was typed and refused

	Addresses string // a line each
	Version   int64
	Stale     bool
	Theirs    []Difference // what somebody else saved
	Wrong     map[string]string
}

// RecoveryRun is one course through the plan.
type RecoveryRun struct {
	Drill  bool
	Reason string
	Begun  time.Time
	Ended  time.Time // the zero time while it goes on
	Now    int       // the phase that it is in, 0 when all are done
	Away   time.Duration
	Phases []RecoveryPhase
	Log    []RecoveryEvent
}

// RecoveryPhase is one of the seven.
type RecoveryPhase struct {
	Number int
	Done   time.Time // the zero time while it is not
	Letter bool      // people are written to
}

// RecoveryEvent is a line of the log.
type RecoveryEvent struct {
	At    time.Time
	By    string
	Kind  string // begin, done, note or end
	Phase int
	Text  string
}

// key is that of what is said of a phase.
func (p RecoveryPhase) key(of string) string {
	return "plan.phase." + strconv.Itoa(p.Number) + of
}

// commands are what is typed in a phase, with the settings that this server knows: those of
// the other site are put in their place.
func (p AdminRecovery) commands(f RecoveryPhase) string {
	there := " --site " + p.T("plan.command.site") + " --receive " + cmp.Or(p.Receive, p.T("plan.command.receive"))
	both := p.Flags + there
	// Its replicas go elsewhere, so its settings are others.
	serve := "\nselfhelp serve --config " + p.T("plan.command.site") + ".yml" + p.Serve + there
	switch f.Number {
	case 1:
		return "selfhelp replica status" + p.Flags
	case 4:
		return "selfhelp promote" + both + serve
	case 6:
		return "selfhelp standby" + both
	case 7:
		return "selfhelp failback" + both + "\nselfhelp serve" + both
	}
	return ""
}

// state is how a phase stands in its run, as the style sheet names it.
func (r RecoveryRun) state(p RecoveryPhase) string {
	switch {
	case !p.Done.IsZero():
		return "done"
	case p.Number == r.Now:
		return "now"
	}
	return "ahead"
}

// plan are the phases as they are read before anything happens.
func plan() (all []RecoveryPhase) {
	for n := range 7 {
		all = append(all, RecoveryPhase{Number: n + 1})
	}
	return all
}

// textID is the id of the field of a phase: a refusal leads to that of the present
// one.
func (r RecoveryRun) textID(p RecoveryPhase) string {
	if p.Number == r.Now {
		return "text"
	}
	return "text-" + strconv.Itoa(p.Number)
}

// textOf is what was typed and refused.
func (p AdminRecovery) textOf(f RecoveryPhase) string {
	if f.Number == p.Run.Now {
		return p.Text
	}
	return ""
}
