// Package backups is the page that says what can be brought back, and to which minute.
// It refuses to bring anything back: that is done by a command, while nobody writes.
//
// Its main names are Calendar and its Routes.
package backups

import (
	"net/http"
	"strings"
	"time"

	"selfhelp/app/access"
	"selfhelp/app/fault"
	"selfhelp/app/watch"
	"selfhelp/app/web/admin"
	"selfhelp/app/web/frame"
	"selfhelp/store/backup"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// Calendar is the page.
type Calendar struct{ *admin.Admin }

// New returns the page of an administration.
func New(a *admin.Admin) *Calendar { return &Calendar{a} }

// Routes are those of the page.
func (s *Calendar) Routes() []frame.Route {
	return []frame.Route{{Pattern: "GET /admin/backups", Needs: access.AdministerServer, Role: frame.Edition, Do: s.show}}
}

// How a month and a moment are written.
const (
	monthLayout  = "2006-01"
	momentLayout = "2006-01-02T15:04"
)

// show shows a month, a day of it where one is chosen, and what one would get at a
// moment where somebody asks. What hangs is waited for some seconds.
func (s *Calendar) show(w http.ResponseWriter, v *frame.Visit) error {
	from := s.Watch.Restorable()
	now := s.Now().In(ui.Zone())
	page := views.AdminBackups{
		Office: s.Office(w, v, "backups", v.Words.T("calendar.title")), Today: now, Begins: begins(v),
		Made: from.Backups != nil, Copied: from.Replica != nil,
	}
	page.Month = monthOf(v.URL.Query().Get("month"), now)
	held := from.Held(v.Context())
	if held.BackupsErr != nil {
		page.BackupsWrong = v.Sentence(fault.TextOf(held.BackupsErr))
		s.Log.Warn("the calendar cannot read the backups", "request", v.ID, "err", held.BackupsErr)
	}
	if past := from.Replica; past != nil {
		page.Target, page.Fine, page.Coarse = past.Target, past.Fine, past.Coarse
		for _, one := range held.Periods {
			page.Periods = append(page.Periods, views.BackupPeriod{Epoch: one.Epoch, From: one.From, Until: one.Until, Goes: one.Goes})
		}
		if held.ReplicaErr != nil {
			page.ReplicaWrong = v.Words.T("calendar.replica.wrong.do")
			s.Log.Warn("the calendar cannot ask the replica", "request", v.ID, "err", held.ReplicaErr)
		}
	}
	month{&page, from, held}.fill(v.URL.Query().Get("day"))
	if err := s.answer(v, &page, from, held); err != nil {
		return err
	}
	return frame.Show(w, v, page.View())
}

// begins is the day a week begins with, as the language has it.
func begins(v *frame.Visit) time.Weekday {
	return time.Weekday((v.Words.T("calendar.begins")[0] - '0') % 7)
}

// monthOf is the first moment of a month that is written, or of the present one.
func monthOf(written string, now time.Time) time.Time {
	if t, err := time.ParseInLocation(monthLayout, written, ui.Zone()); err == nil && t.Year() >= 2000 && t.Year() < 2200 {
		return t
	}
	return time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, ui.Zone())
}

// month puts what is held into the days of a page.
type month struct {
	page *views.AdminBackups
	from watch.Restorable
	held watch.Held
}

func (m month) fill(chosen string) {
	p := m.page
	p.Previous = "/admin/backups?month=" + p.Month.AddDate(0, -1, 0).Format(monthLayout)
	if next := p.Month.AddDate(0, 1, 0); !next.After(p.Today) {
		p.Next = "/admin/backups?month=" + next.Format(monthLayout)
	}
	for date := p.Month; date.Month() == p.Month.Month(); date = date.AddDate(0, 0, 1) {
		d := m.day(date)
		if d.URL != "" && date.Format(time.DateOnly) == chosen {
			d.Chosen = true
			shown := d
			p.Day = &shown
		} else {
			d.States = nil
		}
		p.Days = append(p.Days, d)
	}
}

// day is what there is of a day: the last backup first.
func (m month) day(date time.Time) views.BackupDay {
	d, end := views.BackupDay{Date: date}, date.AddDate(0, 0, 1)
	for _, e := range m.held.Backups {
		at := momentOf(e)
		if at.Before(date) || !at.Before(end) {
			continue
		}
		state := m.state(e, at)
		switch {
		case state.Wrong != "":
			d.Broken++
		case state.Full:
			d.Fulls++
		default:
			d.Hourly++
		}
		if !state.Delivered.IsZero() {
			d.Copies++
		}
		d.States = append([]views.BackupState{state}, d.States...)
	}
	for _, one := range m.held.Periods {
		from, until := later(one.From, date), sooner(one.Until, end.Add(-time.Second))
		if until.Before(from) {
			continue
		}
		if !d.Replica || from.Before(d.From) {
			d.From = from
		}
		d.Replica, d.Until = true, until
		d.Line = m.from.Restore + " --from replica --at " + stamp(until)
	}
	if d.Replica || len(d.States) > 0 {
		d.URL = "/admin/backups?month=" + date.Format(monthLayout) + "&day=" + date.Format(time.DateOnly) + "#day"
	}
	return d
}

// momentOf is when a backup is of; the one in its name where nothing else can be read.
func momentOf(e backup.Entry) time.Time {
	if e.At.IsZero() {
		return e.Named().In(ui.Zone())
	}
	return e.At.In(ui.Zone())
}

func (m month) state(e backup.Entry, at time.Time) views.BackupState {
	s := views.BackupState{Name: e.Name, At: at, Full: e.Kind == backup.Full || e.Kind == "" && strings.HasSuffix(e.Name, "-full"), Bytes: e.Size, Encrypted: e.Encrypted, Line: lineTo(m.from, e)}
	if e.Verdict != nil {
		s.Verified, s.Restored, s.Wrong = e.Verdict.At, e.Verdict.How == backup.Restored, strings.Join(e.Verdict.Wrong, " · ")
	}
	if e.Broken != nil {
		s.Wrong = e.Broken.Error()
	}
	for _, given := range m.held.Delivered {
		if given.Name == e.Name {
			s.Delivered, s.To = given.At, given.To
		}
	}
	return s
}

// lineTo is the command that brings one backup back.
func lineTo(from watch.Restorable, e backup.Entry) string {
	line := from.Restore + " --from backup --at " + stamp(e.At)
	if e.Encrypted {
		line += " --identity FILE"
	}
	return line
}

// stamp is a moment as the command reads it, to the millisecond where it has some.
func stamp(t time.Time) string { return t.In(ui.Zone()).Format("2006-01-02T15:04:05.999Z07:00") }

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a.In(ui.Zone())
	}
	return b
}

func sooner(a, b time.Time) time.Time {
	if a.Before(b) {
		return a.In(ui.Zone())
	}
	return b
}

// answer says what one would get at a moment that was asked for.
func (s *Calendar) answer(v *frame.Visit, page *views.AdminBackups, from watch.Restorable, held watch.Held) error {
	if !v.URL.Query().Has("at") {
		page.Asked.At = page.Today.Format(momentLayout)
		return nil
	}
	page.Asked.At = v.URL.Query().Get("at")
	at, err := time.ParseInLocation(momentLayout, page.Asked.At, ui.Zone())
	if err != nil {
		page.Asked.Wrong = v.Words.T("fault.restorable.moment")
		return nil
	}
	if at.After(page.Today) {
		at = page.Today.Truncate(time.Second)
	}
	a := &views.BackupAnswer{At: at, Line: from.Restore + " --at " + stamp(at)}
	page.Answer = a
	if e, found := backup.Before(held.Backups, at); found {
		a.Backup, a.Name = e.At, e.Name
	}
	if from.Replica == nil || held.ReplicaErr != nil {
		if a.Name != "" {
			a.Line = from.Restore + " --from backup --at " + stamp(at)
		}
		return nil
	}
	reach, err := from.Reach(v.Context(), at)
	if err != nil { // it holds nothing so old, or does not answer
		a.Missing = v.Words.T("calendar.answer.no_replica")
		s.Log.Info("the calendar cannot ask the replica for a moment", "request", v.ID, "err", err)
		return v.Context().Err()
	}
	a.Replica = reach
	return nil
}
