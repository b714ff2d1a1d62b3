package signin

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"selfhelp/app/admission"
	"selfhelp/app/fault"
	"selfhelp/app/web/frame"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// Who is asked for more than a password, as the form says it.
const (
	secondOfStaff = "staff"
	secondOfAll   = "all"
)

// secondForm is the rule, as the form shows it.
func secondForm(v *frame.Visit, settings admission.Settings) views.SecondForm {
	form := views.SecondForm{Whose: []views.Option{
		{Value: "", Name: v.Words.T("admin.second.nobody")}, {Value: secondOfStaff, Name: v.Words.T("admin.second.staff")}, {Value: secondOfAll, Name: v.Words.T("admin.second.all")},
	}}
	switch {
	case settings.SecondOfAll:
		form.Who = secondOfAll
	case settings.Second:
		form.Who = secondOfStaff
	}
	return form
}

// lacks reports whether the person themselves would have to set up more than a
// password under settings, before they could go on in the administration.
func (s *Room) lacks(v *frame.Visit, settings admission.Settings) (bool, error) {
	u, err := s.Content.User(v.Context(), v.Who.ID)
	if err != nil {
		return false, err
	}
	return s.Desk.Lacks(v.Context(), settings, u, v.Proof)
}

// saveSecond keeps who has to show more than a password.
func (s *Room) saveSecond(w http.ResponseWriter, v *frame.Visit) error {
	if err := v.ParseForm(); err != nil {
		return frame.Unreadable(err)
	}
	who := v.PostFormValue("second")
	if !slices.Contains([]string{"", secondOfStaff, secondOfAll}, who) {
		return frame.Unreadable(fmt.Errorf("nobody is asked for more by %q", who))
	}
	err := s.change(v, func(settings admission.Settings) (admission.Settings, error) {
		settings.Second, settings.SecondOfAll = who == secondOfStaff || who == secondOfAll, who == secondOfAll
		lacks, err := s.lacks(v, settings)
		if err == nil && lacks { // nobody but another administrator could undo it for them
			err = fault.InField("second", "fault.second.own")
		}
		return settings, err
	})
	if err != nil {
		return s.refuseList(w, v, err, nil)
	}
	s.Say(w, ui.OK, "admin.away.saved")
	return frame.GoTo(w, v, "/admin/sign-in#safely")
}

// The lengths of time that are offered, in minutes.
var (
	idles = []int{5, 10, 15, 30, 60, 2 * 60, 4 * 60, 8 * 60, 12 * 60, 24 * 60}
	longs = []int{15, 30, 60, 4 * 60, 8 * 60, 12 * 60, 24 * 60, 2 * 24 * 60, 7 * 24 * 60, 14 * 24 * 60, 30 * 24 * 60}
)

// limitsForm is how long sessions last, as the form shows it.
func (s *Room) limitsForm(v *frame.Visit) (views.LimitsForm, error) {
	limits, version, err := admission.ReadLimits(v.Context(), s.Content)
	return limitsOf(v, limits, version), err
}

func limitsOf(v *frame.Visit, l admission.Limits, version int64) views.LimitsForm {
	return views.LimitsForm{
		Version: version, Idle: strconv.Itoa(l.Idle), Longest: strconv.Itoa(l.Longest), Most: strconv.Itoa(l.Most),
		Idles: timesOf(v, idles, l.Idle), Longs: timesOf(v, longs, l.Longest),
	}
}

// timesOf offers lengths of time, and the one in force among them.
func timesOf(v *frame.Visit, offered []int, now int) (list []views.Option) {
	all := slices.Clone(offered)
	if now > 0 && !slices.Contains(all, now) {
		all = append(all, now)
		slices.Sort(all)
	}
	for _, minutes := range all {
		list = append(list, views.Option{Value: strconv.Itoa(minutes), Name: timeOf(v, minutes)})
	}
	return list
}

// timeOf says a length of time in the largest unit that it is a whole number of.
func timeOf(v *frame.Visit, minutes int) string {
	switch {
	case minutes%(24*60) == 0:
		return v.Words.N("admin.limits.days", minutes/(24*60))
	case minutes%60 == 0:
		return v.Words.N("admin.limits.hours", minutes/60)
	}
	return v.Words.N("admin.limits.minutes", minutes)
}

// saveLimits keeps other limits of sessions. They hold at once, also for the
// sessions that there are.
func (s *Room) saveLimits(w http.ResponseWriter, v *frame.Visit) error {
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
	version, err := strconv.ParseInt(v.PostFormValue("version"), 10, 64)
	if err != nil {
		return frame.Unreadable(err)
	}
	limits := admission.Limits{Idle: number("idle"), Longest: number("longest"), Most: number("most")}
	err = admission.SaveLimits(v.Context(), s.Store, limits, version, v.Who.ID)
	s.Sessions.Forget()
	kind := fault.KindOf(err)
	switch {
	case err == nil:
		s.Say(w, ui.OK, "admin.away.saved")
		return frame.GoTo(w, v, "/admin/sign-in#sessions")
	case kind != fault.Invalid && kind != fault.Conflict:
		return err
	}
	page, perr := s.listPage(w, v)
	if perr != nil {
		return perr
	}
	page.Limits = limitsOf(v, limits, page.Limits.Version)
	page.Limits.Most = v.PostFormValue("most")
	page.Wrong, page.Stale = v.FieldTexts(err), kind == fault.Conflict
	return frame.ShowStatus(w, v, frame.Statuses[kind], page.View())
}
