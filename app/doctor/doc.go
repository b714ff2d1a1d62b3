// Package doctor knows what may be wrong with a server and its machine, or with a second
// site that waits, and what mends it. It changes nothing, but for a small file that it
// writes to the target of the replica, or where one is received, and takes away again, and
// works while the server runs. It refuses to
// know how what it finds is printed.
//
// Its main names are Patient, Line and Look.
package doctor

import (
	"context"
	"fmt"
	"time"

	"selfhelp/app/config"
	"selfhelp/store"
	"selfhelp/store/replica"
)

// Verdict is how a thing is.
type Verdict string

// The verdicts.
const (
	OK      Verdict = "ok"
	Warning Verdict = "warning" // it works, and may not for long or not as meant
	Wrong   Verdict = "wrong"
)

// Line is what was found of one thing.
type Line struct {
	Check   string  `json:"check"`
	Verdict Verdict `json:"verdict"`
	Found   string  `json:"found"`
	Mend    string  `json:"mend,omitempty"` // what to do; nothing when it is ok
}

// Patient is who is looked at.
type Patient struct {
	Config    config.Config
	Locks     error // why the databases cannot be locked safely, nil when they can
	Now       time.Time
	Thorough  bool // every page of the databases, not only the quick look
	Network   bool // also what other machines say
	Standby   bool // it is a second site that waits, whatever is in its folder
	Copies    *Copies
	place     replica.Place
	placeErr  error
	placeRead bool
}

// Copies are those of backups that are given to another server.
type Copies struct {
	To  string // without secrets
	Err error  // why the settings make no sense
	Try func(context.Context) error
}

// check is one thing that is looked at. It says nothing where there is nothing to
// look at.
type check struct {
	name string
	look func(context.Context, *Patient) (Line, bool)
}

// checks is everything, in the order it is told.
var checks = []check{
	{"program", lookAtLibrary},
	{"settings", lookAtSettings},
	{"settings file", lookAtFile},
	{"data folder", lookAtFolder},
	{"file system", lookAtKind},
	{"locks", lookAtLocks},
	{"room", lookAtRoom},
	{"content.db", database("content.db")},
	{"activity.db", database("activity.db")},
	{"log of changes", lookAtLogs},
	{"keys", lookAtKeys},
	{"other programs", lookAtOthers},
	{"replica", lookAtReplica},
	{"backups", lookAtBackups},
	{"copies elsewhere", lookAtCopies},
	{"clock", lookAtClock},
	{"time zone", lookAtZone},
	{"address", lookAtAddress},
	{"certificate", lookAtCertificate},
	{"key of the certificate", lookAtCertificateKey},
	{"certificates of domains", lookAtGiven},
	{"port", lookAtPort},
	{"breached passwords", lookAtBreached},
	{"mail server", lookAtMail},
	{"open files", lookAtOpenFiles},
	{"memory", lookAtMemory},
}

// Look looks at everything.
func Look(ctx context.Context, p Patient) (lines []Line) {
	all := checks
	if p.waits() {
		all = ofStandby
	}
	for _, c := range all {
		if line, said := c.look(ctx, &p); said {
			line.Check = c.name
			lines = append(lines, line)
		}
	}
	return lines
}

func ok(format string, args ...any) (Line, bool) {
	return Line{Verdict: OK, Found: fmt.Sprintf(format, args...)}, true
}

func wrong(mend, format string, args ...any) (Line, bool) {
	return Line{Verdict: Wrong, Found: fmt.Sprintf(format, args...), Mend: mend}, true
}

func warning(mend, format string, args ...any) (Line, bool) {
	return Line{Verdict: Warning, Found: fmt.Sprintf(format, args...), Mend: mend}, true
}

func nothing() (Line, bool) { return Line{}, false }

// copying reads once what copies the data folder.
func (p *Patient) copying() (replica.Place, error) {
	if !p.placeRead {
		p.placeRead = true
		p.place, p.placeErr = replica.Of(p.Config.File, p.Config.Data, p.Config.Site, p.Config.Environment, store.Databases()...)
	}
	return p.place, p.placeErr
}
