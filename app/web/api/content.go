package api

import (
	"cmp"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"time"

	"selfhelp/app/access"
	"selfhelp/app/fault"
	"selfhelp/app/procedure"
	"selfhelp/app/publication"
	"selfhelp/app/publication/index"
	"selfhelp/app/web/frame"
	"selfhelp/store"
)

// apiDomain is a domain.
type apiDomain struct {
	ID    string `json:"id"`
	Title string `json:"title"` // in the language of the caller
}

type apiDomainList struct {
	Domains []apiDomain `json:"domains"`
}

// domains lists the domains in which the caller has something to see.
func (s *API) domains(w http.ResponseWriter, v *frame.Visit) error {
	projects, err := s.projectsFor(v)
	if err != nil {
		return err
	}
	list := apiDomainList{Domains: []apiDomain{}}
	seen := map[string]bool{}
	add := func(id string) {
		if !seen[id] {
			seen[id] = true
			list.Domains = append(list.Domains, apiDomain{ID: id, Title: s.DomainName(v, id)})
		}
	}
	for _, p := range projects {
		add(p.Domain)
	}
	own, err := s.Content.Domains(v.Context())
	if err != nil {
		return err
	}
	for _, d := range own {
		if v.Who.In(d.ID) {
			add(d.ID)
		}
	}
	return showAPI(w, list)
}

// apiProject is a project.
type apiProject struct {
	UID         string   `json:"uid"`
	Alias       string   `json:"alias"`
	Domain      string   `json:"domain"`
	Name        string   `json:"name"`
	Description string   `json:"description,omitempty"`
	Languages   []string `json:"languages"`
	Public      bool     `json:"public"`
	Published   []string `json:"published"` // versions in force

	id string // in the store, for those who may read it there
}

type apiProjectList struct {
	Projects []apiProject `json:"projects"`
}

// projectsFor lists the projects that the caller may see: published for them,
// or written with a right of theirs.
func (s *API) projectsFor(v *frame.Visit) ([]apiProject, error) {
	list := []apiProject{}
	for _, domain := range s.DomainsOnShelf() {
		for _, portal := range s.Hold(v).Projects(domain) {
			version := portal.Version(v.Reader(domain))
			v.Enter(domain)
			if v.May(access.SeeProject, frame.PublishedThing(domain, version)) {
				list = append(list, s.projectOf(v, domain, version.Project(), v.Reader(domain).Offered))
			}
		}
	}
	if !v.May(access.EnterStudio, access.Thing{}) {
		return list, nil
	}
	domains, err := s.Content.Domains(v.Context())
	if err != nil {
		return nil, err
	}
	for _, d := range domains {
		projects, err := s.Content.Projects(v.Context(), d.ID)
		if err != nil {
			return nil, err
		}
		for _, p := range projects {
			thing, err := s.WrittenThing(v, p)
			if err != nil {
				return nil, err
			}
			if v.May(access.ReadProject, thing) {
				list = s.addWritten(v, list, p)
			}
		}
	}
	return list, nil
}

// addWritten adds a project of the Studio to a list that may have it as
// published.
func (s *API) addWritten(v *frame.Visit, list []apiProject, p store.Project) []apiProject {
	for i := range list {
		if list[i].Domain == p.Domain && list[i].UID == p.Data.UID {
			list[i].id, list[i].Published = p.ID, s.versionsOf(p.Domain, p.Data, everyVersion)
			return list
		}
	}
	written := s.projectOf(v, p.Domain, p.Data, everyVersion)
	written.id = p.ID
	return append(list, written)
}

// projectOf describes a project, with those of the versions in force that the
// caller may know of.
func (s *API) projectOf(v *frame.Visit, domain string, p *procedure.Project, known func(publication.Offer) bool) apiProject {
	return apiProject{
		UID: p.UID, Alias: p.Alias, Domain: domain, Name: s.Pick(v, p, p.Name), Description: s.Pick(v, p, p.Description),
		Languages: p.Languages, Public: p.Public, Published: s.versionsOf(domain, p, known),
	}
}

// versionsOf lists the versions of a project in force.
func (s *API) versionsOf(domain string, p *procedure.Project, known func(publication.Offer) bool) []string {
	numbers := []string{}
	for _, in := range s.Shelf.Catalogue().Publications {
		if in.Active && in.Domain == domain && in.Project == p.UID && known(publication.Offer{Trial: in.Audience}) {
			numbers = append(numbers, in.Number.String())
		}
	}
	return numbers
}

// everyVersion is what those who write know of.
func everyVersion(publication.Offer) bool { return true }

// projects lists projects.
func (s *API) projects(w http.ResponseWriter, v *frame.Visit) error {
	all, err := s.projectsFor(v)
	if err != nil {
		return err
	}
	if domain := v.URL.Query().Get("domain"); domain != "" {
		all = slices.DeleteFunc(all, func(p apiProject) bool { return p.Domain != domain })
	}
	return showAPI(w, apiProjectList{all})
}

// projectNamed finds the project of the address among those the caller may see.
func (s *API) projectNamed(v *frame.Visit, uid string) (apiProject, error) {
	all, err := s.projectsFor(v)
	if err != nil {
		return apiProject{}, err
	}
	domain := v.URL.Query().Get("domain")
	for _, p := range all {
		if p.UID == uid && (domain == "" || domain == p.Domain) {
			return p, nil
		}
	}
	return apiProject{}, frame.Unknown()
}

func (s *API) project(w http.ResponseWriter, v *frame.Visit) error {
	p, err := s.projectNamed(v, v.PathValue("project"))
	if err != nil {
		return err
	}
	return showAPI(w, p)
}

// writtenProject is the subject of the calls for those who write: the project
// of the path, or of the query.
func (s *API) writtenProject(v *frame.Visit) (access.Thing, error) {
	uid := v.PathValue("project")
	if uid == "" {
		uid = v.URL.Query().Get("project")
	}
	if !v.Who.SignedIn() {
		return access.Thing{}, nil // permit asks to sign in
	}
	defer v.AsPerson()()
	p, err := s.projectNamed(v, uid)
	if err == nil && p.id == "" {
		err = fault.New(fault.Forbidden, "fault.forbidden.not_granted")
	}
	if err != nil {
		return access.Thing{}, err
	}
	written, err := s.Content.Project(v.Context(), p.id)
	if err != nil {
		return access.Thing{}, err
	}
	v.Managed.Project = written
	return s.WrittenThing(v, written)
}

// apiVersion is a version of a project.
type apiVersion struct {
	Number string             `json:"number"`
	State  store.VersionState `json:"state"`
	Notes  string             `json:"notes,omitempty"`
	At     time.Time          `json:"at"`
	Bundle string             `json:"bundle,omitempty"` // hash of what was published
}

type apiVersionList struct {
	Versions []apiVersion `json:"versions"`
}

func (s *API) versions(w http.ResponseWriter, v *frame.Visit) error {
	all, err := s.Content.Versions(v.Context(), v.Managed.Project.ID)
	if err != nil {
		return err
	}
	list := apiVersionList{Versions: []apiVersion{}}
	for _, one := range all {
		list.Versions = append(list.Versions, apiVersion{one.Number.String(), one.State, one.Notes, one.At, one.Bundle})
	}
	return showAPI(w, list)
}

// apiProcedure is a procedure that the caller may start.
type apiProcedure struct {
	UID         string   `json:"uid"`
	Alias       string   `json:"alias"`
	Domain      string   `json:"domain"`
	Project     string   `json:"project"` // UID
	Version     string   `json:"version"`
	Title       string   `json:"title"`
	Description string   `json:"description,omitempty"`
	Snippet     string   `json:"snippet,omitempty"` // the passage found
	Category    string   `json:"category,omitempty"`
	Minutes     int      `json:"minutes,omitempty"`
	New         bool     `json:"new,omitempty"`
	Popular     bool     `json:"popular,omitempty"`
	Languages   []string `json:"languages"`
	Score       float64  `json:"score,omitempty"` // of a search
	Address     string   `json:"address"`         // where people start it
}

type apiProcedureList struct {
	Procedures []apiProcedure `json:"procedures"`
	Total      int            `json:"total"`
}

func (s *API) procedureOf(v *frame.Visit, domain string, l publication.Listed) apiProcedure {
	p := l.Bundle.Project()
	say := func(t procedure.Text) string {
		words, _ := t.Pick(s.Now(), append([]string{contentLanguage(v)}, p.Languages...)...)
		return words
	}
	return apiProcedure{
		UID: l.UID, Alias: l.Alias, Domain: domain, Project: p.UID, Version: l.Bundle.Manifest().Number.String(),
		Title: say(l.Title), Description: say(l.Description), Category: l.Category, Minutes: l.Minutes,
		New: l.New, Popular: l.Popular, Languages: p.Languages, Address: frame.StartAddress(domain, l.Entry),
	}
}

// contentLanguage is the one the address asks for, else the caller's.
func contentLanguage(v *frame.Visit) string {
	return cmp.Or(v.URL.Query().Get("lang"), v.Words.Lang())
}

// procedures finds procedures as the portal does; without words it lists
// them all.
func (s *API) procedures(w http.ResponseWriter, v *frame.Visit) error {
	q := v.URL.Query()
	f := publication.Filter{Lang: contentLanguage(v), Project: q.Get("project"), Category: q.Get("category"), Now: s.Now()}
	f.Limit, _ = strconv.Atoi(q.Get("limit")) // none, or a number that strict let through
	words := frame.OneLine(q.Get("query"))
	found := apiProcedureList{Procedures: []apiProcedure{}}
	for _, domain := range s.DomainsOnShelf() {
		if only := q.Get("domain"); only != "" && only != domain {
			continue
		}
		f.Reader = v.Reader(domain)
		if err := s.findIn(v, domain, words, f, &found); err != nil {
			return err
		}
	}
	return showAPI(w, found)
}

// findIn adds what a domain has.
func (s *API) findIn(v *frame.Visit, domain, words string, f publication.Filter, found *apiProcedureList) error {
	if words == "" {
		return s.listIn(v, domain, f, found)
	}
	result, err := s.Hold(v).Domain(domain).Search(words, f)
	if err != nil {
		return err
	}
	found.Total += result.Total
	for _, h := range result.Hits {
		one := s.procedureOf(v, domain, h.Listed)
		one.Score, one.Snippet = h.Score, joined(h.Snippet)
		found.Procedures = append(found.Procedures, one)
	}
	return nil
}

// listIn adds everything a domain has, by category.
func (s *API) listIn(v *frame.Visit, domain string, f publication.Filter, found *apiProcedureList) error {
	for _, portal := range s.Hold(v).Projects(domain) {
		if f.Project != "" && portal.Version(f.Reader).Project().UID != f.Project {
			continue
		}
		seen := map[string]bool{}
		for _, category := range flat(portal.Categories(f.Reader)) {
			if f.Category != "" && category != f.Category {
				continue
			}
			listed, err := portal.In(category, f.Reader, f.Lang, f.Now)
			if err != nil {
				return err
			}
			for _, l := range listed {
				if !seen[l.UID] {
					seen[l.UID] = true
					found.Procedures, found.Total = append(found.Procedures, s.procedureOf(v, domain, l)), found.Total+1
				}
			}
		}
	}
	return nil
}

func flat(tree []publication.Category) (ids []string) {
	for _, c := range tree {
		ids = append(append(ids, c.ID), flat(c.Below)...)
	}
	return ids
}

func joined(segments []index.Segment) (text string) {
	for _, s := range segments {
		text += s.Text
	}
	return text
}

// procedure gives one procedure.
func (s *API) procedure(w http.ResponseWriter, v *frame.Visit) error {
	return showAPI(w, s.procedureOf(v, v.Entry.Domain, v.Entry.Listed))
}

// executions gives the executions of a project out, a page at a time.
func (s *API) executions(w http.ResponseWriter, v *frame.Visit) error {
	q := v.URL.Query()
	f := store.ExecutionFilter{
		Project: v.Managed.Project.ID, Procedure: q.Get("procedure"), Version: q.Get("version"), Channel: q.Get("channel"),
		Outcome: procedure.Outcome(q.Get("outcome")), Ascending: true, After: q.Get("cursor"), Limit: 100,
	}
	f.From, _ = time.Parse(time.RFC3339, q.Get("from")) // none, or an instant that strict let through
	f.To, _ = time.Parse(time.RFC3339, q.Get("to"))
	if n, err := strconv.Atoi(q.Get("limit")); err == nil {
		f.Limit = n // strict looked at it
	}
	page, err := s.Activity.Executions(v.Context(), f)
	if err != nil {
		return err
	}
	rows := apiRows{Executions: []apiRow{}, Next: page.Next}
	for _, e := range page.Executions {
		rows.Executions = append(rows.Executions, apiRow{
			ID: e.ID, Procedure: e.Procedure, Alias: e.Alias, Version: e.Version, Channel: e.Channel, Language: e.Language,
			Started: e.Started, Touched: e.Touched, Ended: e.Ended, Outcome: e.Outcome, Failed: e.Failed, Step: e.Step, Turns: e.Turns, Millis: e.Duration().Milliseconds(),
		})
	}
	return showAPI(w, rows)
}

// open is the description of the API.
func (s *API) open(w http.ResponseWriter, _ *frame.Visit) error {
	return showAPI(w, json.RawMessage(s.openAPI()))
}
