package web

import (
	"cmp"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"selfhelp/app/access"
	"selfhelp/app/execution"
	"selfhelp/app/publication"
	"selfhelp/store"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// channel is how executions of these pages are counted.
const channel = "portal"

// entryPoint is the subject of a procedure's address. An alias is unique in its
// domain only: ?in= says which, else it is looked for where the visitor may run
// it, production first. Sub-procedures, and what is not an entry point, have no
// address for anyone.
func entryPoint(s *Site, v *visit) (access.Thing, error) {
	if err := v.ParseForm(); err != nil {
		return access.Thing{}, unreadable(err)
	}
	all, err := s.hold(v).Find(v.PathValue("alias"))
	if err != nil {
		return access.Thing{}, err
	}
	slices.SortFunc(all, func(a, b publication.Placed) int { return compareDomains(a.Domain, b.Domain) })
	if domain := v.Form.Get("in"); domain != "" {
		all = slices.DeleteFunc(all, func(p publication.Placed) bool { return p.Domain != domain })
	}
	if len(all) == 0 {
		return access.Thing{}, unknown()
	}
	chosen := all[0]
	for _, one := range all {
		if v.mayRun(one.Domain, one.Listed) {
			chosen = one
			break
		}
	}
	if chosen, err = s.versioned(v, chosen, v.Form.Get("v")); err != nil {
		return access.Thing{}, err
	}
	v.entry = chosen
	v.place = place{domain: chosen.Domain, project: chosen.Bundle.Project()}
	thing := thingOf(chosen.Domain, v.place.project)
	thing.Procedure = chosen.Audience
	return thing, nil
}

// versioned is the entry in the version that ?v= asks for: an active one by
// its number, or "active" for the highest.
func (s *Site) versioned(v *visit, e publication.Placed, asked string) (publication.Placed, error) {
	if asked == "" || asked == "active" {
		return e, nil
	}
	n, err := publication.ParseNumber(asked)
	if err != nil {
		return e, unknown()
	}
	b, err := s.hold(v).Active(e.Domain, e.Bundle.Project().UID, n)
	if err != nil {
		return e, err
	}
	entry, err := b.Entry(e.Alias)
	return publication.Placed{Listed: publication.Listed{Entry: entry, Bundle: b}, Domain: e.Domain}, err
}

// startPage begins an execution, since its address is what people are given. A
// procedure that does something in the outside world before its first page is
// begun by a button: following a link must not do it. Neither must what is no
// person: pictures, frames of others, pages fetched ahead.
func (s *Site) startPage(w http.ResponseWriter, v *visit) error {
	if !isNavigation(v.Request) {
		return s.askToStart(w, v)
	}
	s.nameVisitor(w, v)
	turn, context, err := s.startTurn(v)
	if err != nil {
		return err
	}
	if turn.Effect != nil {
		return s.askToStart(w, v)
	}
	return s.begin(w, v, turn, context)
}

// start begins an execution by the button of its start page.
func (s *Site) start(w http.ResponseWriter, v *visit) error {
	s.nameVisitor(w, v)
	turn, context, err := s.startTurn(v)
	if err != nil {
		return err
	}
	return s.begin(w, v, turn, context)
}

// isNavigation reports whether a request is a person going to a page. Browsers
// that say nothing of it are believed.
func isNavigation(r *http.Request) bool {
	dest := r.Header.Get("Sec-Fetch-Dest")
	ahead := r.Header.Get("Sec-Purpose") + r.Header.Get("Purpose")
	return r.Method == http.MethodGet && (dest == "" || dest == "document" || dest == "empty" && r.Header.Get(swapHeader) != "") && !strings.Contains(ahead, "prefetch")
}

// startTurn makes the first turn of a new execution.
func (s *Site) startTurn(v *visit) (execution.Turn, execution.Context, error) {
	return s.openingTurn(v, channel, s.startLanguage(v), contextParams(v))
}

// openingTurn is startTurn for a channel, in a language, with parameters.
func (s *Site) openingTurn(v *visit, channel, lang string, params map[string]any) (execution.Turn, execution.Context, error) {
	c := execution.Context{
		ID: store.NewID(), Entry: v.entry.UID, Version: v.entry.Bundle.Manifest().Number.String(),
		Language: lang, Languages: []string{v.words.Lang()}, Channel: channel,
		Params: params, Groups: v.who.Groups, Mock: s.demo,
		Env: map[string]any{"domain": v.entry.Domain, "project": v.place.project.Alias, "version": v.entry.Bundle.Manifest().Number.String(), "server": v.Host},
	}
	if v.who.SignedIn() {
		u, err := s.content.User(v.Context(), v.who.ID)
		if err != nil {
			return execution.Turn{}, c, err
		}
		c.User = userRoot(u, v.who.Groups)
	}
	turn, err := execution.Start(v.entry.Bundle, c, s.now())
	return turn, c, err
}

// startLanguage is the one the address asks for, else the visitor's, as far as
// the project speaks it.
func (s *Site) startLanguage(v *visit) string {
	if lang := v.FormValue("lang"); slices.Contains(v.place.project.Languages, lang) {
		return lang
	}
	return v.content(v.place.project)
}

// contextParams are the ctx.* values of the address, or of the start page's
// form. The engine takes those the procedure declares.
func contextParams(v *visit) map[string]any {
	params := map[string]any{}
	for name, values := range v.Form {
		if name, is := strings.CutPrefix(name, "ctx."); is && len(params) < 100 && len(values) > 0 {
			params[name] = values[0]
		}
	}
	return params
}

// userRoot is what formulas may read of the person.
func userRoot(u store.User, groups []string) map[string]any {
	root := map[string]any{
		"login": u.Login, "name": u.Name(), "first_name": u.FirstName, "last_name": u.LastName, "mail": u.Mail,
		"language": u.Language, "role": string(u.Role), "groups": groups,
	}
	attributes := map[string]any{}
	for name, value := range u.Attributes {
		attributes[name] = value
	}
	root["attributes"] = attributes
	return root
}

// begin keeps a new execution and shows its first page.
func (s *Site) begin(w http.ResponseWriter, v *visit, turn execution.Turn, c execution.Context) error {
	first, err := s.keepStart(v, turn, c)
	if err != nil {
		return err
	}
	if err := s.cameFromSearch(v); err != nil {
		return err
	}
	return goTo(w, v, pageAddress(c.ID, first.Page.Step))
}

// keepStart keeps a new execution, once it has reached its first page.
func (s *Site) keepStart(v *visit, turn execution.Turn, c execution.Context) (settled, error) {
	project, err := s.projectID(v, v.entry.Domain, v.place.project.UID)
	if err != nil {
		return settled{}, err
	}
	v.pass = pass{c.ID, v.who.ID, v.entry.Domain, v.place.project.UID, c.Version, v.entry.Alias}
	kept := store.Execution{
		ID: c.ID, Project: project, Procedure: c.Entry, Alias: v.entry.Alias, Version: c.Version, Channel: c.Channel,
		Language: c.Language, Started: s.now(),
	}
	if v.who.SignedIn() {
		kept.User = v.who.ID
	} else {
		kept.Owner = s.ownerMark(v.who.ID)
	}
	j := s.journey(v, v.entry.Bundle)
	first, err := j.settle(turn)
	if err != nil {
		return first, err
	}
	record, err := j.record(first, 0)
	if err == nil {
		err = s.activity.StartExecution(v.Context(), kept, record)
	}
	return first, err
}

// cameFromSearch tells a search which procedure it led to.
func (s *Site) cameFromSearch(v *visit) error {
	id, ok := s.keys.verify("search", v.FormValue("search"))
	if !ok {
		return nil
	}
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		return nil // signed by us: not a person's mistake
	}
	return s.activity.ClickSearch(v.Context(), n, v.entry.UID)
}

// askToStart shows the page with the button that begins.
func (s *Site) askToStart(w http.ResponseWriter, v *visit) error {
	p := v.place.project
	page := views.Start{
		Chrome: s.portalChrome(v, v.place, s.pick(v, p, v.entry.Title)), Name: s.pick(v, p, v.entry.Title), Text: s.pick(v, p, v.entry.Description),
		Action: "/r/" + v.entry.Alias, Minutes: v.entry.Minutes,
		Portal: ui.Place{Name: s.pick(v, p, p.Name), URL: v.place.address()},
	}
	for _, name := range slices.Sorted(maps.Keys(v.Form)) {
		if slices.Contains([]string{"lang", "v", "in", "search"}, name) || strings.HasPrefix(name, "ctx.") {
			page.Hidden = append(page.Hidden, [2]string{name, v.Form.Get(name)})
		}
	}
	return show(w, v, page.View())
}

// entryName is the name of an execution's procedure, as its publication has
// it.
func (s *Site) entryName(v *visit, p pass) string {
	b, err := s.bundleOf(v, p)
	if err != nil {
		return p.alias
	}
	entry, err := b.Entry(p.alias)
	if err != nil {
		return p.alias
	}
	return cmp.Or(s.pick(v, b.Project(), entry.Title), p.alias)
}

// pageAddress is where a page of an execution stands.
func pageAddress(id, step string) string {
	if step == reportStep {
		step = keptApart + step
	}
	return "/x/" + id + "/" + step
}

// A step may be called as the report's address is; then its own address keeps
// it apart, by a sign that no step's id has.
const (
	reportStep = "report"
	keptApart  = "step-"
)

// stepOf is the step that an address names.
func stepOf(v *visit) string { return strings.TrimPrefix(v.PathValue("step"), keptApart) }
