package past

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"selfhelp/app/access"
	"selfhelp/app/fault"
	"selfhelp/app/past"
	"selfhelp/app/procedure"
	"selfhelp/app/web/admin"
	"selfhelp/app/web/frame"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// Desk is where states of before are looked at.
type Desk struct{ *admin.Admin }

// New returns the pages of an administration.
func New(a *admin.Admin) *Desk { return &Desk{a} }

// Routes are those of the pages.
func (s *Desk) Routes() []frame.Route {
	server := access.AdministerServer
	return []frame.Route{
		{Pattern: "GET /admin/past", Needs: server, Role: frame.Edition, Do: s.show},
		{Pattern: "POST /admin/past", Needs: server, Role: frame.Edition, Do: s.look, Body: frame.FormBody},
		{Pattern: "POST /admin/past/close", Needs: server, Role: frame.Edition, Do: s.shut, Body: frame.FormBody},
		{Pattern: "GET /admin/past/{project}", Needs: server, Role: frame.Edition, Do: s.project},
		{Pattern: "GET /admin/past/{project}/bring", Needs: server, Role: frame.Edition, Do: s.ask},
		{Pattern: "POST /admin/past/bring", Needs: server, Role: frame.Edition, Do: s.bring, Body: frame.FormBody},
	}
}

// where is the tab that the pages are under.
const where = "past"

// A moment as forms carry it.
const (
	dayLayout  = "2006-01-02"
	hourLayout = "15:04"
)

// show shows what is open, or how far it is.
func (s *Desk) show(w http.ResponseWriter, v *frame.Visit) error {
	page, err := s.page(w, v)
	if err != nil {
		return err
	}
	if page.Going {
		w.Header().Set("Refresh", "2") // without script, too
	}
	return frame.Show(w, v, page.View())
}

func (s *Desk) page(w http.ResponseWriter, v *frame.Visit) (views.AdminPast, error) {
	st := s.Past.State()
	page := views.AdminPast{
		Office: s.Office(w, v, where, v.Words.T("past.title")), Kept: s.Past.Kept(), Zone: ui.ZoneName(s.Now()),
		At: st.At, Going: st.Going, Step: st.Step, Bytes: st.Bytes, Open: st.Open, Look: st.ID, From: st.From, Backup: st.Backup, Reached: st.Reached, Until: st.Until,
	}
	proposed := st.At
	if proposed.IsZero() {
		proposed = s.Now().AddDate(0, 0, -1)
	}
	proposed = proposed.In(ui.Zone())
	page.Day, page.Hour = proposed.Format(dayLayout), proposed.Format(hourLayout)
	if st.Failed != nil {
		page.Failed = v.Why(st.Failed)
	}
	if st.Brought != nil {
		var err error
		if page.Brought, err = s.brought(v, *st.Brought); err != nil {
			return page, err
		}
	}
	if !st.Open || st.Going {
		return page, nil
	}
	err := s.Past.Read(st.ID, func(m *past.Moment) error {
		all, err := m.Projects(v.Context(), s.Content)
		for _, p := range all {
			line, err := s.projectLine(v, p)
			if err != nil {
				return err
			}
			page.Projects = append(page.Projects, line)
		}
		return err
	})
	if fault.Is(err, fault.Conflict) { // it was closed a moment ago
		page.Open, err = false, nil
	}
	return page, err
}

func (s *Desk) projectLine(v *frame.Visit, p past.Project) (views.PastProject, error) {
	line := views.PastProject{ID: p.ID, Name: s.words(v, p.Data.Name, p.Data.Languages), Alias: p.Alias, Domain: p.Domain, Procedures: p.Procedures, Standing: "gone"}
	switch {
	case p.Now != nil:
		line.Standing = "here"
	case p.Binned:
		line.Standing = "binned"
	}
	d, err := s.Content.Domain(v.Context(), p.Domain)
	if fault.Is(err, fault.NotFound) {
		return line, nil
	}
	line.Domain = s.TitleOfDomain(v, d)
	return line, err
}

func (s *Desk) words(v *frame.Visit, t procedure.Text, languages []string) string {
	words, _ := t.Pick(s.Now(), append([]string{v.Words.Lang()}, languages...)...)
	return words
}

// brought leads to what came back last, as long as it is there.
func (s *Desk) brought(v *frame.Visit, b past.Brought) (*views.PastBrought, error) {
	p, err := s.Content.Project(v.Context(), b.Project)
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	shown := &views.PastBrought{Name: s.words(v, p.Data.Name, p.Data.Languages), URL: target(b), Groups: b.Groups}
	if b.Created && b.Owned != v.Who.Login {
		shown.Owned = b.Owned
	}
	if b.Procedure == "" {
		return shown, nil
	}
	one, err := s.Content.Procedure(v.Context(), b.Project, b.Procedure)
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	shown.Name = s.words(v, one.Title, p.Data.Languages)
	return shown, err
}

// target is where what came back stands.
func target(b past.Brought) string {
	if b.Procedure == "" {
		return "/studio/p/" + b.Project
	}
	return "/studio/p/" + b.Project + "/d/" + b.Procedure
}

// look begins to bring the state of a moment. What comes at once is shown at once.
func (s *Desk) look(w http.ResponseWriter, v *frame.Visit) error {
	if err := v.ParseForm(); err != nil {
		return frame.Unreadable(err)
	}
	day, hour := v.PostFormValue("day"), v.PostFormValue("hour")
	at, err := time.ParseInLocation(dayLayout+" "+hourLayout, day+" "+hour[:min(len(hour), len(hourLayout))], ui.Zone())
	if err != nil {
		err = fault.Because(fault.Invalid, err, "fault.past.moment")
	} else {
		err = s.Past.Look(at, v.Who.ID)
	}
	if kind := fault.KindOf(err); err != nil && (kind == fault.Invalid || kind == fault.Conflict) {
		page, perr := s.page(w, v)
		if perr != nil {
			return perr
		}
		page.Day, page.Hour, page.Refused, page.Failed = day, hour, v.Why(err), ""
		return frame.ShowStatus(w, v, frame.Statuses[kind], page.View())
	}
	if err != nil {
		return err
	}
	s.Past.Wait(v.Context(), patience)
	return frame.GoTo(w, v, "/admin/past")
}

// patience is how long a request waits for what may come at once.
const patience = 1500 * time.Millisecond

// shut closes what is open before its time.
func (s *Desk) shut(w http.ResponseWriter, v *frame.Visit) error {
	if err := v.ParseForm(); err != nil {
		return frame.Unreadable(err)
	}
	s.Past.Forget(v.PostFormValue("look"))
	return frame.GoTo(w, v, "/admin/past")
}

// project shows the procedures of a project that there was.
func (s *Desk) project(w http.ResponseWriter, v *frame.Visit) error {
	page, err := s.projectPage(w, v, v.PathValue("project"), v.URL.Query().Get("look"))
	if err != nil {
		return err
	}
	return frame.Show(w, v, page.View())
}

func (s *Desk) projectPage(w http.ResponseWriter, v *frame.Visit, id, look string) (page views.AdminPastProject, err error) {
	err = s.Past.Read(look, func(m *past.Moment) error {
		p, err := m.Project(v.Context(), s.Content, id)
		if err != nil {
			return err
		}
		page = views.AdminPastProject{Look: look, At: m.At, Owned: p.Owned}
		if page.Project, err = s.projectLine(v, p); err != nil {
			return err
		}
		all, err := m.Procedures(v.Context(), s.Content, p)
		for _, one := range all {
			page.Procedures = append(page.Procedures, views.PastProcedure{
				UID: one.UID, Title: s.words(v, one.Title, p.Data.Languages), Alias: one.Alias, Folder: one.Folder, Steps: len(one.Steps), Standing: string(one.Standing),
			})
		}
		return err
	})
	slices.SortStableFunc(page.Procedures, func(a, b views.PastProcedure) int { return strings.Compare(a.Folder+"/"+a.Title, b.Folder+"/"+b.Title) })
	page.Office = s.Office(w, v, where, page.Project.Name)
	return page, err
}

// ask asks whether it is meant, and how.
func (s *Desk) ask(w http.ResponseWriter, v *frame.Visit) error {
	of, err := s.projectPage(w, v, v.PathValue("project"), v.URL.Query().Get("look"))
	if err != nil {
		return err
	}
	page := views.AdminPastBring{AdminPastProject: of}
	page.Title = v.Words.T("past.bring.named", of.Project.Name)
	if uid := v.URL.Query().Get("procedure"); uid != "" {
		i := slices.IndexFunc(of.Procedures, func(p views.PastProcedure) bool { return p.UID == uid })
		if i < 0 {
			return fault.New(fault.NotFound, "fault.past.procedure", uid, of.At)
		}
		page.Procedure = &of.Procedures[i]
		page.Title = v.Words.T("past.bring.named", page.Procedure.Title)
	}
	return frame.Show(w, v, page.View())
}

// bring begins to bring something back, and leads to it when it came at once.
func (s *Desk) bring(w http.ResponseWriter, v *frame.Visit) error {
	if err := v.ParseForm(); err != nil {
		return frame.Unreadable(err)
	}
	wish := past.Wish{Project: v.PostFormValue("project"), Procedure: v.PostFormValue("procedure"), Draft: v.PostFormValue("as") == "draft", By: v.Who.ID}
	look := v.PostFormValue("look")
	wish.Called = past.CalledOf(s.Past.State().At)
	if err := s.Past.Bring(look, wish); err != nil {
		return err
	}
	st := s.Past.Wait(v.Context(), patience)
	if st.Going || st.Brought == nil || st.ID != look {
		return frame.GoTo(w, v, "/admin/past")
	}
	shown, err := s.brought(v, *st.Brought)
	switch {
	case err != nil:
		return err
	case shown == nil || shown.Owned != "" || len(shown.Groups) > 0: // there is more to be read than a line
		return frame.GoTo(w, v, "/admin/past")
	}
	s.Say(w, ui.OK, "past.brought", shown.Name)
	return frame.GoTo(w, v, shown.URL)
}
