package views

import (
	"time"

	"selfhelp/views/ui"
)

// AdminPast is the state of an earlier moment that parts are brought back from.
type AdminPast struct {
	Office
	Kept     bool   // something keeps states of before
	Day      string // of the moment as it is typed, 2026-11-29
	Hour     string // 14:05
	Zone     string // that they are meant in
	Refused  string // why the moment was not taken
	At       time.Time
	Going    bool
	Step     string // ask, bring, open or take
	Bytes    int64  // that came so far
	Failed   string // why it came to nothing
	Open     bool
	Look     string // id of what is open
	From     string // epoch of the replica, or the backup
	Backup   bool
	Reached  time.Time // of the last change in it
	Until    time.Time // when it is closed
	Brought  *PastBrought
	Projects []PastProject
}

// PastBrought is what came back last.
type PastBrought struct {
	Name, URL string
	Owned     string   // login of who owned it then; "" where that is no news
	Groups    []string // that it names and that are gone
}

// PastProject is a project that there was.
type PastProject struct {
	ID, Name, Alias, Domain string
	Procedures              int
	Standing                string // here, binned or gone
}

// AdminPastProject is the procedures of a project that there was.
type AdminPastProject struct {
	Office
	Look       string
	At         time.Time
	Project    PastProject
	Owned      string // login of who owned it then
	Procedures []PastProcedure
}

// PastProcedure is a procedure that there was, and how it is by now.
type PastProcedure struct {
	UID, Title, Alias, Folder string
	Steps                     int
	Standing                  string // same, changed, binned or gone
}

// AdminPastBring asks whether something is to come back, and how.
type AdminPastBring struct {
	AdminPastProject
	Procedure *PastProcedure // nil for the whole project
}

// pastTones are the standings as pages show them.
var pastTones = map[string]ui.Tone{"same": ui.OK, "here": ui.OK, "changed": ui.Info, "binned": ui.Warn, "gone": ui.Warn}

// url is where a project of then is shown.
func (p AdminPastProject) url() string { return "/admin/past/" + p.Project.ID + "?look=" + p.Look }

// bringURL is where a procedure, or the whole project, is asked for.
func (p AdminPastProject) bringURL(procedure string) string {
	return "/admin/past/" + p.Project.ID + "/bring?look=" + p.Look + "&procedure=" + procedure
}

// drafts says whether it may become a draft of what is there.
func (p AdminPastBring) drafts() bool { return p.Procedure != nil && p.Procedure.Standing == "changed" }
