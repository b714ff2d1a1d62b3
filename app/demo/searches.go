package demo

import (
	"context"
	"fmt"
	"time"

	"selfhelp/app/publication"
	"selfhelp/store"
)

// search looks for things on the portal of a place, some of them in vain, and
// often goes to the first procedure found.
func (s *seeder) search(ctx context.Context, p *place) error {
	hold := s.ed.Shelf().Hold()
	defer hold.Release()
	portal, err := hold.Project(p.project.Domain, p.project.Alias, publication.Reader{Member: true})
	if err != nil {
		return err
	}
	var all []store.Search
	for i, at := range moments(s.random, s.now) {
		if i%3 != 0 {
			continue
		}
		one, err := s.lookFor(portal, p.project.ID, at)
		if err != nil {
			return err
		}
		all = append(all, one)
	}
	return atOnce(all, func(l store.Search) error {
		id, err := s.st.Activity.AddSearch(ctx, l)
		if err != nil || l.Clicked == "" {
			return err
		}
		return s.st.Activity.ClickSearch(ctx, id, l.Clicked)
	})
}

// lookFor looks for something as a person at a moment.
func (s *seeder) lookFor(portal publication.Portal, project string, at time.Time) (store.Search, error) {
	one := store.Search{At: at, Project: project, Language: "fr"}
	if s.random.IntN(6) == 0 {
		one.Language = "en"
	}
	one.Query = pick(s.random, lookedFor[one.Language])
	found, err := portal.Search(one.Query, publication.Filter{Reader: publication.Reader{Member: true}, Lang: one.Language, Now: at})
	if err != nil {
		return one, fmt.Errorf("look for %q: %w", one.Query, err)
	}
	one.Hits = found.Total
	if len(found.Hits) > 0 && s.random.IntN(4) > 0 {
		one.Clicked = found.Hits[0].UID
	}
	return one, nil
}
