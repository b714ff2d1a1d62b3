// Package signin is the part of the administration where the ways in are set up,
// tried and watched: their order, the directories, and what holds while one is
// away. It refuses to know how a proof is made and whose account somebody gets:
// those are app/login and app/admission.
//
// Its main names are Room and New.
package signin

import (
	"net/http"
	"slices"
	"strconv"

	"selfhelp/app/access"
	"selfhelp/app/admission"
	"selfhelp/app/fault"
	"selfhelp/app/web/admin"
	"selfhelp/app/web/frame"
	"selfhelp/store/people"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// Room is the pages of the ways in.
type Room struct{ *admin.Admin }

// New returns the pages of an administration.
func New(a *admin.Admin) *Room { return &Room{a} }

// Routes are those of the ways in.
func (s *Room) Routes() []frame.Route {
	server := access.AdministerServer
	return []frame.Route{
		{Pattern: "GET /admin/sign-in", Needs: server, Role: frame.Edition, Do: s.list},
		{Pattern: "POST /admin/sign-in", Needs: server, Role: frame.Edition, Do: s.create, Body: frame.PlainBody},
		{Pattern: "GET /admin/sign-in/new", Needs: server, Role: frame.Edition, Do: s.newMethod},
		{Pattern: "POST /admin/sign-in/away", Needs: server, Role: frame.Edition, Do: s.saveAway, Body: frame.FormBody},
		{Pattern: "POST /admin/sign-in/second", Needs: server, Role: frame.Edition, Do: s.saveSecond, Body: frame.FormBody},
		{Pattern: "POST /admin/sign-in/sessions", Needs: server, Role: frame.Edition, Do: s.saveLimits, Body: frame.FormBody},
		{Pattern: "GET /admin/sign-in/internal", Needs: server, Role: frame.Edition, Do: s.passwords},
		{Pattern: "POST /admin/sign-in/internal", Needs: server, Role: frame.Edition, Do: s.savePasswords, Body: frame.FormBody},
		{Pattern: "GET /admin/sign-in/{method}", Needs: server, Role: frame.Edition, Do: s.method},
		{Pattern: "POST /admin/sign-in/{method}", Needs: server, Role: frame.Edition, Do: s.save, Body: frame.PlainBody},
		{Pattern: "POST /admin/sign-in/{method}/place", Needs: server, Role: frame.Edition, Do: s.place, Body: frame.FormBody},
		{Pattern: "POST /admin/sign-in/{method}/remove", Needs: server, Role: frame.Edition, Do: s.remove, Body: frame.FormBody},
		{Pattern: "POST /admin/sign-in/{method}/pair", Needs: server, Role: frame.Edition, Do: s.pair, Body: frame.FormBody},
		{Pattern: "POST /admin/sign-in/{method}/key", Needs: server, Role: frame.Edition, Do: s.key, Body: frame.FormBody},
		{Pattern: "POST /admin/sign-in/{method}/test", Needs: server, Role: frame.Edition, Do: s.test, Body: frame.FormBody, Rate: s.Limits.Signs},
		{Pattern: "POST /admin/sign-in/{method}/sync", Needs: server, Role: frame.Edition, Do: s.sync, Body: frame.FormBody, Slow: true},
	}
}

// where is the tab that the pages are under.
const where = "sign_in"

// list shows the ways in, in their order.
func (s *Room) list(w http.ResponseWriter, v *frame.Visit) error {
	page, err := s.listPage(w, v)
	if err != nil {
		return err
	}
	return frame.Show(w, v, page.View())
}

func (s *Room) listPage(w http.ResponseWriter, v *frame.Visit) (views.AdminSignIn, error) {
	page := views.AdminSignIn{Office: s.Office(w, v, where, v.Words.T("admin.sign_in"))}
	settings, version, err := s.Desk.Settings(v.Context())
	if err != nil {
		return page, err
	}
	page.Version, page.Second = version, secondForm(v, settings)
	asked := settings
	asked.SecondOfAll = true
	if page.Second.Lacks, err = s.lacks(v, asked); err != nil {
		return page, err
	}
	if page.Limits, err = s.limitsForm(v); err != nil {
		return page, err
	}
	for _, k := range admission.Kinds() {
		page.Kinds = append(page.Kinds, views.Option{Value: string(k), Name: v.Words.T("method." + string(k))})
	}
	for i, m := range settings.Methods {
		card, err := s.card(v, m)
		if err != nil {
			return page, err
		}
		card.First, card.Last = i == 0, i == len(settings.Methods)-1
		page.Methods = append(page.Methods, card)
	}
	page.Away, err = s.awayForm(v, settings)
	return page, err
}

// card is a way in as the list shows it.
func (s *Room) card(v *frame.Visit, m admission.Method) (views.MethodCard, error) {
	card := views.MethodCard{ID: m.ID, Kind: v.Words.T("method." + string(m.Kind) + ".is"), Name: m.Name, On: !m.Off}
	card.Tone, card.State = s.state(v, m)
	if m.Kind == admission.Internal {
		card.Name = v.Words.T("method.internal")
		return card, nil
	}
	known, err := s.Content.IdentitiesAt(v.Context(), m.ID)
	if err != nil {
		return card, err
	}
	card.Facts = append(card.Facts, v.Words.N("admin.sync.known", len(known)))
	last, err := s.Desk.LastSync(v.Context(), m.ID)
	if err == nil && !last.At.IsZero() {
		card.Facts = append(card.Facts, v.Words.T("admin.sync.last", v.Words.DateTime(last.At), v.Words.Ago(last.At, s.Now())))
	}
	return card, err
}

// state says in words how a way in is.
func (s *Room) state(v *frame.Visit, m admission.Method) (ui.Tone, string) {
	since, away := s.Desk.AwaySince()[m.ID]
	switch {
	case m.Off:
		return ui.Info, v.Words.T("admin.method.off")
	case away:
		return ui.Wrong, v.Words.T("admin.method.away", v.Words.Ago(since, s.Now()))
	}
	return ui.OK, v.Words.T("admin.method.on")
}

// awayForm is the policy, as the form shows it.
func (s *Room) awayForm(v *frame.Visit, settings admission.Settings) (views.AwayForm, error) {
	form := views.AwayForm{Directories: len(settings.On(admission.LDAP)) > 0, Who: string(settings.Away.Who), Run: settings.Away.Run}
	for _, k := range admission.StrandedKinds() {
		name := "nobody"
		if k != admission.Nobody {
			name = string(k)
		}
		form.Kinds = append(form.Kinds, views.Option{Value: string(k), Name: v.Words.T("admin.away.who." + name)})
	}
	groups, err := s.groups(v)
	for _, g := range groups {
		form.Groups = append(form.Groups, views.GroupTick{Option: g, On: slices.Contains(settings.Away.Groups, g.Value)})
	}
	return form, err
}

// groups are all groups, by id, named with their domain.
func (s *Room) groups(v *frame.Visit) (list []views.Option, err error) {
	domains, err := s.Content.Domains(v.Context())
	if err != nil {
		return nil, err
	}
	for _, d := range domains {
		groups, err := s.Content.Groups(v.Context(), d.ID)
		if err != nil {
			return nil, err
		}
		for _, g := range groups {
			if g.Domain == d.ID { // once, in its own
				list = append(list, views.Option{Value: g.ID, Name: v.Words.T("admin.group.in", s.GroupTitle(v, g), s.DomainName(v, d.ID))})
			}
		}
	}
	return list, nil
}

// change reads the settings at the version that a form names, changes them and
// keeps them.
func (s *Room) change(v *frame.Visit, do func(admission.Settings) (admission.Settings, error)) error {
	settings, version, err := s.Desk.Settings(v.Context())
	if err != nil {
		return err
	}
	if named, err := strconv.ParseInt(v.PostFormValue("version"), 10, 64); err != nil || named != version {
		return fault.New(fault.Conflict, "fault.stale")
	}
	before := settings
	if settings, err = do(settings); err != nil {
		return err
	}
	if err := s.leavesAdministrators(v, before, settings); err != nil {
		return err
	}
	if err = s.Desk.Save(v.Context(), settings, version, v.Who.ID); err == nil {
		err = s.endSessions(v, before, settings)
	}
	s.Sessions.Forget()
	return err
}

// leavesAdministrators refuses to lock out everybody who administers the server:
// a way in by which none of them ever came may not work.
func (s *Room) leavesAdministrators(v *frame.Visit, before, after admission.Settings) error {
	was, err := s.Desk.MayAdminister(v.Context(), before)
	if err != nil || !was {
		return err
	}
	may, err := s.Desk.MayAdminister(v.Context(), after)
	if err == nil && !may && len(after.Check()) == 0 {
		err = fault.InField("methods", "fault.method.nobody")
	}
	return err
}

// endSessions ends what was begun by ways in that were turned off or taken out.
// Who does it stays, to see what comes of it.
func (s *Room) endSessions(v *frame.Visit, before, after admission.Settings) error {
	for _, m := range before.Methods {
		if now, err := after.Method(m.ID); m.Off || err == nil && !now.Off {
			continue
		}
		if _, err := s.Activity.StopSessionsBy(v.Context(), m.ID, v.Who.ID); err != nil {
			return err
		}
	}
	return nil
}

// saveAway keeps who may come in while a directory is away.
func (s *Room) saveAway(w http.ResponseWriter, v *frame.Visit) error {
	if err := v.ParseForm(); err != nil {
		return frame.Unreadable(err)
	}
	away := admission.Away{Who: admission.Stranded(v.PostFormValue("who")), Groups: v.PostForm["group"], Run: v.PostFormValue("run") == "yes"}
	err := s.change(v, func(settings admission.Settings) (admission.Settings, error) {
		settings.Away = away
		return settings, nil
	})
	if err == nil {
		s.Say(w, ui.OK, "admin.away.saved")
		return frame.GoTo(w, v, "/admin/sign-in#away")
	}
	return s.refuseList(w, v, err, &away)
}

// refuseList shows the list again with what is wrong, and what was chosen.
func (s *Room) refuseList(w http.ResponseWriter, v *frame.Visit, why error, chosen *admission.Away) error {
	kind := fault.KindOf(why)
	if kind != fault.Invalid && kind != fault.Conflict {
		return why
	}
	page, err := s.listPage(w, v)
	if err != nil {
		return err
	}
	if chosen != nil {
		if page.Away, err = s.awayForm(v, admission.Settings{Away: *chosen}); err != nil {
			return err
		}
	}
	if v.PostForm.Has("second") {
		page.Second.Who = v.PostFormValue("second")
	}
	page.Wrong = v.FieldTexts(why)
	page.Stale = page.Wrong == nil
	return frame.ShowStatus(w, v, frame.Statuses[kind], page.View())
}

// place moves a way in among the others, or turns it on or off.
func (s *Room) place(w http.ResponseWriter, v *frame.Visit) error {
	if err := v.ParseForm(); err != nil {
		return frame.Unreadable(err)
	}
	err := s.change(v, func(settings admission.Settings) (admission.Settings, error) {
		m, err := settings.Method(v.PathValue("method"))
		if err != nil {
			return settings, err
		}
		switch v.PostFormValue("on") {
		case "yes", "no":
			m.Off = v.PostFormValue("on") == "no"
			return settings.Put(m), nil
		}
		by, err := strconv.Atoi(v.PostFormValue("by"))
		if err != nil {
			return settings, fault.Because(fault.Invalid, err, "fault.form")
		}
		return settings.Move(m.ID, by), nil
	})
	if err != nil {
		return s.refuseList(w, v, err, nil)
	}
	s.Say(w, ui.OK, "admin.method.saved")
	return frame.GoTo(w, v, "/admin/sign-in")
}

// remove takes a way in out. The accounts of the people it knew stay.
func (s *Room) remove(w http.ResponseWriter, v *frame.Visit) error {
	if err := v.ParseForm(); err != nil {
		return frame.Unreadable(err)
	}
	id := v.PathValue("method")
	err := s.change(v, func(settings admission.Settings) (admission.Settings, error) {
		if _, err := settings.Method(id); err != nil {
			return settings, err
		}
		return settings.Without(id), nil
	})
	if err != nil {
		return s.refuseList(w, v, err, nil)
	}
	if err := s.Content.ForgetMethod(v.Context(), id, v.Who.ID); err != nil {
		return err
	}
	s.Say(w, ui.OK, "admin.method.removed")
	return frame.GoTo(w, v, "/admin/sign-in")
}

// takings are the kinds of taking an account over, as forms offer them.
func takings(v *frame.Visit) (list []views.Option) {
	for _, t := range []people.Taking{people.TakeNone, people.TakeUnclaimed, people.TakeAny} {
		name := "none"
		if t != people.TakeNone {
			name = string(t)
		}
		list = append(list, views.Option{Value: string(t), Name: v.Words.T("admin.take." + name)})
	}
	return list
}

// roles are the roles, as forms offer them.
func roles(v *frame.Visit) (list []views.Option) {
	for _, r := range access.Roles() {
		list = append(list, views.Option{Value: string(r), Name: v.Words.T("role." + string(r))})
	}
	return list
}
