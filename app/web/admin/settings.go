package admin

import (
	"net/http"
	"strconv"

	"selfhelp/app/fault"
	"selfhelp/app/job"
	"selfhelp/app/web/frame"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// settings shows the rules of the platform.
func (s *Admin) settings(w http.ResponseWriter, v *frame.Visit) error {
	rule, version, err := job.ReadRule(v.Context(), s.Content)
	if err != nil {
		return err
	}
	return frame.Show(w, v, s.settingsPage(w, v, rule, version).View())
}

func (s *Admin) settingsPage(w http.ResponseWriter, v *frame.Visit, r job.Rule, version int64) views.AdminSettings {
	return views.AdminSettings{
		Office: s.Office(w, v, "settings", v.Words.T("admin.settings")), Version: version,
		Months: strconv.Itoa(r.Months), Names: strconv.Itoa(r.Names), Idle: strconv.Itoa(r.Idle),
	}
}

// saveSettings keeps other rules.
func (s *Admin) saveSettings(w http.ResponseWriter, v *frame.Visit) error {
	if err := v.ParseForm(); err != nil {
		return frame.Unreadable(err)
	}
	number := func(name string) int {
		n, err := strconv.Atoi(v.PostFormValue(name))
		if err != nil {
			return 0 // out of bounds: said as such
		}
		return n
	}
	rule := job.Rule{Months: number("months"), Names: number("names"), Idle: number("idle")}
	version, err := strconv.ParseInt(v.PostFormValue("version"), 10, 64)
	if err != nil {
		return frame.Unreadable(err)
	}
	err = job.SaveRule(v.Context(), s.Content, rule, version, v.Who.ID)
	kind := fault.KindOf(err)
	if err != nil && kind != fault.Invalid && kind != fault.Conflict {
		return err
	}
	if err == nil {
		s.Say(w, ui.OK, "admin.saved")
		return frame.GoTo(w, v, "/admin/settings")
	}
	theirs, now, perr := job.ReadRule(v.Context(), s.Content)
	if perr != nil {
		return perr
	}
	page := s.settingsPage(w, v, rule, version)
	page.Months, page.Names, page.Idle, page.Wrong = v.PostFormValue("months"), v.PostFormValue("names"), v.PostFormValue("idle"), v.FieldTexts(err)
	if page.Wrong == nil {
		page.Version, page.Stale = now, true
		for _, d := range []struct {
			key          string
			mine, theirs int
		}{{"admin.settings.months", rule.Months, theirs.Months}, {"admin.settings.names", rule.Names, theirs.Names}, {"admin.settings.idle", rule.Idle, theirs.Idle}} {
			if d.mine != d.theirs {
				page.Theirs = append(page.Theirs, views.Difference{Name: v.Words.T(d.key), Theirs: strconv.Itoa(d.theirs)})
			}
		}
	}
	return frame.ShowStatus(w, v, frame.Statuses[kind], page.View())
}
