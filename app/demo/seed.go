package demo

import (
	"context"
	"crypto/rand"
	"fmt"
	seeded "math/rand/v2"
	"time"

	"selfhelp/app/access"
	"selfhelp/app/edition"
	"selfhelp/app/execution"
	"selfhelp/app/login"
	"selfhelp/app/procedure"
	"selfhelp/store"
)

// seeder fills one empty platform.
type seeder struct {
	st     *store.Store
	ed     *edition.Edition
	clock  *Clock
	now    time.Time
	by     string // who did it all: the administrator
	people []person
	random *seeded.Rand
	sealer *execution.Sealer

	procedures map[string]*procedure.Procedure // by UID
}

// Seed fills an empty platform: accounts, groups, projects published as 1.0,
// and sixty days of journeys made by really running them. What it makes depends
// on the moment for its dates alone. The clock is the store's. On a platform
// that has accounts it does nothing, and says so.
func Seed(ctx context.Context, st *store.Store, ed *edition.Edition, clock *Clock, now time.Time) (done bool, err error) {
	users, err := st.Content.CountUsers(ctx)
	if err != nil || users > 0 {
		return false, err
	}
	s := &seeder{st: st, ed: ed, clock: clock, now: now, random: seeded.New(seeded.NewPCG(seedOne, seedTwo)), procedures: map[string]*procedure.Procedure{}}
	if s.sealer, err = sealer(st.Keys); err != nil {
		return false, err
	}
	defer clock.goOn()
	clock.stop(now.AddDate(0, 0, -installed))
	if err := s.register(ctx); err != nil {
		return false, fmt.Errorf("make the accounts of the demo: %w", err)
	}
	if err := s.fill(ctx); err != nil {
		return false, fmt.Errorf("fill the demo: %w", err)
	}
	return true, nil
}

// How many days ago the demonstration was set up, and published.
const (
	installed = pastDays + 20
	published = pastDays + 1
)

// What the random numbers begin with: any other two would do.
const seedOne, seedTwo = 69, 1900

func sealer(k *store.Keys) (*execution.Sealer, error) {
	keys := make([]execution.SealKey, len(k.States))
	for i, one := range k.States {
		keys[i] = execution.SealKey{ID: one.ID, Secret: one.Key}
	}
	return execution.NewSealer(rand.Reader, keys...)
}

// The domains every store begins with.
const (
	production = "production"
	sandbox    = "sandbox"
)

// actor is who made the accounts, in the audit.
const actor = "demo"

var groups = []store.Group{
	{Name: "it", Title: procedure.T("Informatique", "IT")},
	{Name: "hr", Title: procedure.T("Ressources humaines", "Human resources")},
	{Name: "managers", Title: procedure.T("Managers", "Managers")},
	{Name: "lyon", Title: procedure.T("Site de Lyon", "Lyon site"), Rule: &access.Rule{Conditions: []access.Condition{{Attribute: "location", Is: access.Equals, Value: "Lyon"}}}},
}

// register makes the groups, then the accounts in them.
func (s *seeder) register(ctx context.Context) error {
	ids := map[string]string{}
	for _, g := range groups {
		g.Domain = production
		kept, err := s.st.Content.CreateGroup(ctx, g, actor)
		if err != nil {
			return err
		}
		ids[g.Name] = kept.ID
	}
	for _, a := range accounts {
		u, err := s.st.Content.CreateUser(ctx, store.User{
			Login: a.Login, Password: login.Hash(a.Password), FirstName: a.FirstName, LastName: a.LastName, Mail: a.Mail(),
			Language: a.Language, Role: a.Role, Everywhere: a.Role == access.Administrator, Active: true, Attributes: a.About,
		}, actor)
		if err != nil {
			return err
		}
		domains, member := []string{production}, []string{}
		if a.Role == access.Writer {
			domains = append(domains, sandbox)
		}
		for _, g := range a.Groups {
			member = append(member, ids[g])
		}
		if err := s.st.Content.SetMemberships(ctx, u.ID, domains, member, actor); err != nil {
			return err
		}
		if s.by == "" {
			s.by = u.ID
		}
		s.people = append(s.people, person{a, u.ID, a.Groups})
	}
	return nil
}

// fill brings the projects in, publishes them, and makes the past of those of
// production.
func (s *seeder) fill(ctx context.Context) error {
	desk, err := s.bring(ctx, HelpDesk, production, "a.berthet")
	if err != nil {
		return err
	}
	hr, err := s.bring(ctx, Onboarding, production, "m.rolland")
	if err != nil {
		return err
	}
	if _, err := s.bring(ctx, FirstSteps, sandbox, "a.berthet", "m.rolland"); err != nil {
		return err
	}
	s.clock.goOn()
	for i, at := range moments(s.random, s.now) {
		place := desk
		if i%4 == 3 {
			place = hr
		}
		if err := s.journey(place, at); err != nil {
			return err
		}
	}
	for _, place := range []*place{desk, hr} {
		if err := atOnce(place.journeys, func(j *journey) error { return s.keep(ctx, place.project.ID, j) }); err != nil {
			return err
		}
		if err := s.settleOld(ctx, place.project.ID); err != nil {
			return err
		}
		if err := s.search(ctx, place); err != nil {
			return err
		}
	}
	return nil
}
