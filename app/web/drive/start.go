package drive

import (
	"cmp"
	"slices"

	"selfhelp/app/access"
	"selfhelp/app/execution"
	"selfhelp/app/publication"
	"selfhelp/app/web/frame"
	"selfhelp/app/web/seal"
	"selfhelp/store"
)

// EntryPoint is the subject of a procedure's address. An alias is unique in its
// domain only: ?in= says which, else it is looked for where the visitor may run
// it, production first. Sub-procedures, and what is not an entry point, have no
// address for anyone.
func (s *Driver) EntryPoint(v *frame.Visit) (access.Thing, error) {
	if err := v.ParseForm(); err != nil {
		return access.Thing{}, frame.Unreadable(err)
	}
	all, err := s.Hold(v).Find(v.PathValue("alias"), v.Reader)
	if err != nil {
		return access.Thing{}, err
	}
	slices.SortFunc(all, func(a, b publication.Placed) int { return frame.CompareDomains(a.Domain, b.Domain) })
	if domain := v.Form.Get("in"); domain != "" {
		all = slices.DeleteFunc(all, func(p publication.Placed) bool { return p.Domain != domain })
	}
	if len(all) == 0 {
		return access.Thing{}, frame.Unknown()
	}
	chosen := all[0]
	for _, one := range all {
		if v.MayRun(one.Domain, one.Listed) {
			chosen = one
			break
		}
	}
	if chosen, err = s.versioned(v, chosen, v.Form.Get("v")); err != nil {
		return access.Thing{}, err
	}
	v.Entry = chosen
	v.Place = frame.Place{Domain: chosen.Domain, Project: chosen.Bundle.Project()}
	return frame.EntryThing(chosen.Domain, chosen.Listed), nil
}

// versioned is the entry in the version that ?v= asks for: an active one by
// its number, or "active" for the highest that is for the visitor.
func (s *Driver) versioned(v *frame.Visit, e publication.Placed, asked string) (publication.Placed, error) {
	if asked == "" || asked == "active" {
		return e, nil
	}
	n, err := publication.ParseNumber(asked)
	if err != nil {
		return e, frame.Unknown()
	}
	in, err := s.Hold(v).Active(e.Domain, e.Bundle.Project().UID, n)
	if err != nil {
		return e, err
	}
	entry, err := in.Entry(e.Alias)
	return publication.Placed{Listed: publication.Listed{Entry: entry, Offer: in}, Domain: e.Domain}, err
}

// OpeningTurn is startTurn for a channel, in a language, with parameters.
func (s *Driver) OpeningTurn(v *frame.Visit, channel, lang string, params map[string]any) (execution.Turn, execution.Context, error) {
	c := execution.Context{
		ID: store.NewID(), Entry: v.Entry.UID, Version: v.Entry.Bundle.Manifest().Number.String(),
		Language: lang, Languages: []string{v.Words.Lang()}, Channel: channel,
		Params: params, Groups: v.Who.Groups.Names(), Mock: s.Demo,
		Env: map[string]any{"domain": v.Entry.Domain, "project": v.Place.Project.Alias, "version": v.Entry.Bundle.Manifest().Number.String(), "server": v.Host},
	}
	if v.Who.SignedIn() {
		u, err := s.Content.User(v.Context(), v.Who.ID)
		if err != nil {
			return execution.Turn{}, c, err
		}
		c.User = UserRoot(u, v.Who.Groups.Names())
	}
	turn, err := execution.Start(v.Entry.Bundle, c, s.Now())
	return turn, c, err
}

// UserRoot is what formulas may read of the person.
func UserRoot(u store.User, groups []string) map[string]any {
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

// KeepStart keeps a new execution, once it has reached its first page.
func (s *Driver) KeepStart(v *frame.Visit, turn execution.Turn, c execution.Context) (Stand, error) {
	project, err := s.ProjectID(v, v.Entry.Domain, v.Place.Project.UID)
	if err != nil {
		return Stand{}, err
	}
	v.Pass = seal.Pass{
		Execution: c.ID, Owner: v.Who.ID, Domain: v.Entry.Domain, Project: v.Place.Project.UID, Version: c.Version, Alias: v.Entry.Alias,
	}
	kept := store.Execution{
		ID: c.ID, Project: project, Procedure: c.Entry, Alias: v.Entry.Alias, Version: c.Version, Channel: c.Channel,
		Language: c.Language, Started: s.Now(),
	}
	if v.Who.SignedIn() {
		kept.User = v.Who.ID
	} else {
		kept.Owner = s.OwnerMark(v.Who.ID)
	}
	v.Pass.Holder, v.Pass.Started = seal.Holder{User: kept.User, Mark: kept.Owner}, kept.Started
	j := s.Journey(v, v.Entry.Bundle)
	first, err := j.settle(turn)
	if err != nil {
		return Stand{}, err
	}
	record, err := j.record(first, 0)
	if err == nil {
		err = s.Activity.StartExecution(v.Context(), kept, record)
	}
	record.Seq = 1
	return standOf(first, record), err
}

// EntryName is the name of an execution's procedure, as its publication has
// it.
func (s *Driver) EntryName(v *frame.Visit, p seal.Pass) string {
	b, err := s.BundleOf(v, p)
	if err != nil {
		return p.Alias
	}
	entry, err := b.Entry(p.Alias)
	if err != nil {
		return p.Alias
	}
	return cmp.Or(s.Pick(v, b.Project(), entry.Title), p.Alias)
}
