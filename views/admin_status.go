package views

import (
	"time"

	"selfhelp/views/ui"
)

// AdminStatus is how the server is, on a page that is kept open.
type AdminStatus struct {
	Office
	At   time.Time // the facts are of
	Rows []StatusRow
}

// StatusRow is how one thing is.
type StatusRow struct {
	Name, State string
	Tone        ui.Tone // "" for what was never set up
	Figure      string
	Details     []string
	Since       time.Time // it is so; the zero time where nobody knows
	Mend        string    // what to do, "" when nothing is
	URL         string    // where that is done, when here
}

// icon tells the state beside its word and its colour.
func (r StatusRow) icon() string {
	switch r.Tone {
	case ui.OK:
		return "ok"
	case ui.Warn:
		return "warning"
	case ui.Wrong:
		return "wrong"
	}
	return "minus"
}

// tone is that of the worst row.
func (p AdminStatus) tone() ui.Tone {
	switch {
	case p.count(ui.Wrong) > 0:
		return ui.Wrong
	case p.count(ui.Warn) > 0:
		return ui.Warn
	}
	return ui.OK
}

func (p AdminStatus) count(tone ui.Tone) (n int) {
	for _, r := range p.Rows {
		if r.Tone == tone {
			n++
		}
	}
	return n
}

// verdict is the page in one sentence.
func (p AdminStatus) verdict() string {
	switch p.tone() {
	case ui.Wrong:
		return p.N("status.all.wrong", p.count(ui.Wrong))
	case ui.Warn:
		return p.N("status.all.warning", p.count(ui.Warn))
	}
	return p.T("status.all.well")
}
