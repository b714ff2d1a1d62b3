package servers

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"selfhelp/app/access"
	"selfhelp/app/fault"
	"selfhelp/app/web/admin"
	"selfhelp/app/web/frame"
	"selfhelp/store"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// Room is the page of the presentation servers.
type Room struct{ *admin.Admin }

// New returns the page of an administration.
func New(a *admin.Admin) *Room { return &Room{a} }

// Routes are those of the page.
func (s *Room) Routes() []frame.Route {
	server := access.AdministerServer
	return []frame.Route{
		{Pattern: "GET /admin/servers", Needs: server, Role: frame.Edition, Do: s.show},
		{Pattern: "GET /admin/capacity", Needs: server, Role: frame.Edition, Do: s.capacity},
		{Pattern: "POST /admin/servers", Needs: server, Role: frame.Edition, Do: s.add, Body: frame.FormBody, Rate: s.Limits.Signs},
		{Pattern: "POST /admin/servers/remove", Needs: server, Role: frame.Edition, Do: s.remove, Body: frame.FormBody},
		{Pattern: "POST /admin/servers/force", Needs: server, Role: frame.Edition, Do: s.force, Body: frame.FormBody},
		{Pattern: "POST /admin/servers/change", Needs: server, Role: frame.Edition, Do: s.change, Body: frame.FormBody, Rate: s.Limits.Signs},
		{Pattern: "POST /admin/servers/office", Needs: server, Role: frame.Edition, Do: s.takeOver},
		{Pattern: "POST /admin/servers/renew", Needs: server, Role: frame.Edition, Do: s.renew, Body: frame.FormBody},
		{Pattern: "POST /admin/servers/portal", Needs: server, Role: frame.Edition, Do: s.savePortal, Body: frame.FormBody},
		{Pattern: "POST /admin/servers/targets", Needs: server, Role: frame.Edition, Do: s.addTarget, Body: frame.FormBody},
		{Pattern: "POST /admin/servers/targets/{target}", Needs: server, Role: frame.Edition, Do: s.saveTarget, Body: frame.FormBody},
	}
}

// home is where the page is.
const home = "/admin/servers"

// show shows the servers.
func (s *Room) show(w http.ResponseWriter, v *frame.Visit) error {
	page, err := s.page(w, v)
	if err != nil {
		return err
	}
	return frame.Show(w, v, page.View())
}

// refuse shows the page again with what is wrong.
func (s *Room) refuse(w http.ResponseWriter, v *frame.Visit, change func(*views.AdminServers)) error {
	page, err := s.page(w, v)
	if err != nil {
		return err
	}
	change(&page)
	return frame.ShowStatus(w, v, http.StatusUnprocessableEntity, page.View())
}

// nameMost is how many letters a server's or a group's name may have.
const nameMost = 60

// add lets a server join.
func (s *Room) add(w http.ResponseWriter, v *frame.Visit) error {
	if err := v.ParseForm(); err != nil {
		return frame.Unreadable(err)
	}
	form, wrong, err := s.readServer(v)
	if err != nil {
		return err
	}
	if len(wrong) == 0 {
		code := v.PostFormValue("code") // empty where it joins again
		_, err := s.Platform.Join(v.Context(), store.Server{Name: form.Name, Address: form.Address, Target: form.Target}, code, v.Who.ID)
		if err == nil {
			s.Say(w, ui.OK, "servers.joined", form.Name)
			return frame.GoTo(w, v, home)
		}
		key, args := fault.TextOf(err)
		if fault.Is(err, fault.Internal) {
			return err
		}
		wrong[fieldOf(key)] = v.Words.T(key, args...)
	}
	return s.refuse(w, v, func(page *views.AdminServers) { page.Add, page.Wrong = form, wrong })
}

// readServer reads what is typed of a server, new or not.
func (s *Room) readServer(v *frame.Visit) (form views.ServerForm, wrong map[string]string, err error) {
	form = views.ServerForm{
		ID: v.PostFormValue("server"), Version: v.PostFormValue("version"),
		Name: strings.TrimSpace(v.PostFormValue("name")), Address: strings.TrimSpace(v.PostFormValue("address")), Target: v.PostFormValue("target"),
	}
	targets, err := s.Content.Targets(v.Context())
	if err != nil {
		return form, nil, err
	}
	wrong = map[string]string{}
	if !slices.ContainsFunc(targets, func(g store.Target) bool { return g.ID == form.Target }) {
		form.Target = targets[0].ID
		if len(targets) > 1 {
			form.Target, wrong["target"] = "", v.Words.T("servers.target.wrong")
		}
	}
	if n := utf8.RuneCountInString(form.Name); n == 0 || n > nameMost {
		wrong["name"] = v.Words.T("servers.name.wrong")
	}
	if form.Address == "" {
		wrong["address"] = v.Words.T("servers.address.wrong")
	}
	return form, wrong, nil
}

// change keeps another name, address and group of a server.
func (s *Room) change(w http.ResponseWriter, v *frame.Visit) error {
	if err := v.ParseForm(); err != nil {
		return frame.Unreadable(err)
	}
	form, wrong, err := s.readServer(v)
	if err != nil {
		return err
	}
	version, err := strconv.ParseInt(form.Version, 10, 64)
	if err != nil {
		return fault.New(fault.Invalid, "fault.form")
	}
	if len(wrong) == 0 {
		err := s.Platform.Change(v.Context(), store.Server{ID: form.ID, Name: form.Name, Address: form.Address, Target: form.Target, Version: version}, v.Who.ID)
		if err == nil {
			s.Say(w, ui.OK, "servers.changed", form.Name)
			return frame.GoTo(w, v, home)
		}
		key, args := fault.TextOf(err)
		field := fieldOf(key)
		if field == "address" && (fault.Is(err, fault.Internal) || fault.Is(err, fault.Conflict) || fault.Is(err, fault.NotFound)) {
			return err
		}
		wrong[field] = v.Words.T(key, args...)
	}
	return s.refuse(w, v, func(page *views.AdminServers) { page.Change, page.Wrong = form, wrong })
}

// fieldOf is the field that a failure to join or to change a server is about.
func fieldOf(key string) string {
	switch key {
	case "fault.peer.code", "fault.peer.joined":
		return "code"
	case "fault.server.name":
		return "name"
	}
	return "address"
}

// remove takes a server out of the platform, once that was asked.
func (s *Room) remove(w http.ResponseWriter, v *frame.Visit) error {
	if err := v.ParseForm(); err != nil {
		return frame.Unreadable(err)
	}
	id := v.PostFormValue("server")
	err := s.Platform.Remove(v.Context(), id, v.Who.ID, v.PostFormValue("anyway") == "yes")
	if fault.Is(err, fault.Unavailable) {
		return s.refuse(w, v, func(page *views.AdminServers) {
			eachCard(page, func(c *views.ServerCard) { c.Asking, c.Anyway = c.ID == id, c.ID == id })
		})
	}
	if err != nil {
		return err
	}
	s.Say(w, ui.OK, "servers.removed")
	return frame.GoTo(w, v, home)
}

func eachCard(page *views.AdminServers, do func(*views.ServerCard)) {
	for i := range page.Targets {
		for j := range page.Targets[i].Servers {
			do(&page.Targets[i].Servers[j])
		}
	}
}

// force goes on without those that are away.
func (s *Room) force(w http.ResponseWriter, v *frame.Visit) error {
	if err := v.ParseForm(); err != nil {
		return frame.Unreadable(err)
	}
	target := v.PostFormValue("target")
	if err := s.Platform.Force(v.Context(), target); err != nil {
		return err
	}
	if err := s.Content.Audit(v.Context(), v.Who.ID, "target.force", "target:"+target, nil); err != nil {
		return err
	}
	s.Say(w, ui.OK, "servers.forced")
	return frame.GoTo(w, v, home)
}

// takeOver makes this the edition server that goes on, where another one has its data.
func (s *Room) takeOver(w http.ResponseWriter, v *frame.Visit) error {
	if err := s.Platform.TakeOver(v.Context()); err != nil {
		return err
	}
	if err := s.Content.Audit(v.Context(), v.Who.ID, "platform.take", "", nil); err != nil {
		return err
	}
	s.Say(w, ui.OK, "servers.taken")
	return frame.GoTo(w, v, home)
}

// renew puts what is published here in force on servers that have something newer.
func (s *Room) renew(w http.ResponseWriter, v *frame.Visit) error {
	if err := v.ParseForm(); err != nil {
		return frame.Unreadable(err)
	}
	above, err := strconv.ParseUint(v.PostFormValue("above"), 10, 62)
	if err != nil {
		return fault.New(fault.Invalid, "fault.form")
	}
	if err := s.Edition.Renew(v.Context(), above); err != nil {
		return err
	}
	if err := s.Content.Audit(v.Context(), v.Who.ID, "catalogue.renew", "", map[string]string{"above": strconv.FormatUint(above, 10)}); err != nil {
		return err
	}
	s.Say(w, ui.OK, "servers.renewed")
	return frame.GoTo(w, v, home)
}

// addTarget makes a group of servers.
func (s *Room) addTarget(w http.ResponseWriter, v *frame.Visit) error {
	if err := v.ParseForm(); err != nil {
		return frame.Unreadable(err)
	}
	title := strings.TrimSpace(v.PostFormValue("title"))
	if n := utf8.RuneCountInString(title); n == 0 || n > nameMost {
		return s.refuse(w, v, func(page *views.AdminServers) {
			page.Wrong = map[string]string{"title": v.Words.T("servers.groups.title.wrong")}
		})
	}
	g := store.Target{ID: store.NewID()[:8], Title: title, Way: store.Together}
	if err := s.Content.AddTarget(v.Context(), g, v.Who.ID); err != nil {
		return err
	}
	s.Say(w, ui.OK, "servers.groups.made", title)
	return frame.GoTo(w, v, home)
}

// saveTarget keeps how the servers of a group are given what is published.
func (s *Room) saveTarget(w http.ResponseWriter, v *frame.Visit) error {
	if err := v.ParseForm(); err != nil {
		return frame.Unreadable(err)
	}
	all, err := s.Content.Targets(v.Context())
	if err != nil {
		return err
	}
	at := slices.IndexFunc(all, func(g store.Target) bool { return g.ID == v.PathValue("target") })
	if at < 0 {
		return frame.Unknown()
	}
	if v.PostFormValue("do") == "remove" {
		if err := s.Content.RemoveTarget(v.Context(), all[at].ID, v.Who.ID); err != nil {
			return err
		}
		s.Say(w, ui.OK, "servers.groups.removed")
		return frame.GoTo(w, v, home)
	}
	g, wrong, err := s.readTarget(v, all[at])
	if err != nil {
		return err
	}
	if len(wrong) > 0 {
		return s.refuse(w, v, func(page *views.AdminServers) {
			for i := range page.Targets {
				if page.Targets[i].ID == g.ID {
					page.Targets[i].Open, page.Targets[i].Wrong = true, wrong
				}
			}
			page.Wrong = map[string]string{}
			for field, text := range wrong {
				page.Wrong[field+"-"+g.ID] = text
			}
		})
	}
	if err := s.Content.SaveTarget(v.Context(), g, v.Who.ID); err != nil {
		return err
	}
	if !slices.Equal(g.Domains, all[at].Domains) { // the same publications are another catalogue for them
		if err := s.Edition.Renew(v.Context(), 0); err != nil {
			return err
		}
	}
	s.Platform.Kick()
	s.Say(w, ui.OK, "servers.groups.saved", g.Title)
	return frame.GoTo(w, v, home)
}

// readTarget reads the form of a group.
func (s *Room) readTarget(v *frame.Visit, g store.Target) (store.Target, map[string]string, error) {
	wrong := map[string]string{}
	g.Title = strings.TrimSpace(v.PostFormValue("title-" + g.ID))
	if n := utf8.RuneCountInString(g.Title); n == 0 || n > nameMost {
		wrong["title"] = v.Words.T("servers.groups.title.wrong")
	}
	switch way := store.RolloutWay(v.PostFormValue("way")); way {
	case store.Together, store.Rolling, store.Canary:
		g.Way = way
	default:
		return g, nil, fault.New(fault.Invalid, "fault.form")
	}
	minutes, err := strconv.Atoi(strings.TrimSpace(v.PostFormValue("minutes-" + g.ID)))
	if err != nil || minutes < 0 || minutes > 24*60 {
		wrong["minutes"] = v.Words.T("servers.minutes.wrong")
	}
	g.Pause = time.Duration(minutes) * time.Minute
	g.Version, err = strconv.ParseInt(v.PostFormValue("version"), 10, 64)
	if err != nil {
		return g, nil, fault.New(fault.Invalid, "fault.form")
	}
	domains, err := s.Content.Domains(v.Context())
	if err != nil {
		return g, nil, err
	}
	chosen := v.PostForm["domain"]
	g.Domains = nil
	for _, d := range domains {
		if slices.Contains(chosen, d.ID) {
			g.Domains = append(g.Domains, d.ID)
		}
	}
	if len(g.Domains) == len(domains) {
		g.Domains = nil // also those that come
	}
	switch held := v.PostFormValue("held") == "yes"; {
	case held && g.Held == 0:
		g.Held = s.Shelf.Sequence()
	case !held:
		g.Held = 0
	}
	return g, wrong, nil
}
