package portal

import (
	"cmp"
	"net/http"
	"slices"
	"sync"
	"time"

	"selfhelp/app/access"
	"selfhelp/app/publication"
	"selfhelp/app/publication/index"
	"selfhelp/app/web/frame"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// home searches all the visitor can reach and lists the projects that is in.
// Where there is only one, it is the home.
func (s *Portal) home(w http.ResponseWriter, v *frame.Visit) error {
	page := views.Home{Chrome: v.Chrome(ui.Portal, v.Words.T("home.title")), Search: wholeBox("")}
	page.Flash = s.Said(w, v)
	all := s.reached(v)
	if len(all) == 1 && page.Flash == nil {
		return frame.GoTo(w, v, all[0].Address())
	}
	var err error
	if page.First, err = s.FirstAwaited(v); err != nil {
		return err
	}
	if page.Projects, err = s.projectCards(v, all); err != nil {
		return err
	}
	return frame.Show(w, v, page.View())
}

// reached are the projects that the visitor may see, by domain.
func (s *Portal) reached(v *frame.Visit) (all []frame.Place) {
	for _, domain := range s.DomainsOnShelf() {
		v.Enter(domain)
		for _, portal := range s.Hold(v).Projects(domain) {
			if version := portal.Version(v.Reader(domain)); v.May(access.SeeProject, frame.PublishedThing(domain, version)) {
				all = append(all, frame.Place{Domain: domain, Portal: portal, Project: version.Project()})
			}
		}
	}
	return all
}

// projectCards shows projects, those most followed first.
func (s *Portal) projectCards(v *frame.Visit, all []frame.Place) ([]views.HomeProject, error) {
	started, err := s.started(v, all)
	if err != nil {
		return nil, err
	}
	names := make(map[string]string, len(all))
	for _, at := range all {
		names[at.Address()] = s.Pick(v, at.Project, at.Project.Name)
	}
	sorted := slices.Clone(all)
	slices.SortStableFunc(sorted, func(a, b frame.Place) int {
		return cmp.Or(
			cmp.Compare(started[b.Address()], started[a.Address()]), frame.CompareDomains(a.Domain, b.Domain),
			cmp.Compare(index.Fold(names[a.Address()]), index.Fold(names[b.Address()])),
		)
	})
	where := s.domainNames(v, all)
	cards := make([]views.HomeProject, len(sorted))
	for i, at := range sorted {
		tree := at.Portal.Categories(v.Reader(at.Domain))
		cards[i] = views.HomeProject{
			Name: names[at.Address()], Text: s.Pick(v, at.Project, at.Project.Description), URL: at.Address(), Where: where[at.Domain],
			Logo: s.LookOf(at.Project, at.Project.Theme, v.Words.Lang()).Logo, Icon: iconOfTree(tree),
		}
		for _, c := range tree {
			cards[i].Count += c.Count
		}
	}
	return cards, nil
}

// iconOfTree is the sign of a project without a logo: that of its first category.
func iconOfTree(tree []publication.Category) string {
	if len(tree) == 0 {
		return "book"
	}
	return iconOf(tree[0].Icon, "book")
}

// domainNames are what the domains of projects are called, when there are
// several to tell apart.
func (s *Portal) domainNames(v *frame.Visit, all []frame.Place) map[string]string {
	names := map[string]string{}
	for _, at := range all {
		if _, known := names[at.Domain]; !known {
			names[at.Domain] = s.DomainName(v, at.Domain)
		}
	}
	if len(names) < 2 {
		return nil
	}
	return names
}

// use remembers how much projects are followed: to put them in order, what was
// true some minutes ago is enough.
type use struct {
	mu      sync.Mutex
	counted time.Time
	started map[string]int64 // by address of the project's portal
}

const useKept = 10 * time.Minute

// started says how often procedures of projects were begun of late, by the
// addresses of their portals.
func (s *Portal) started(v *frame.Visit, all []frame.Place) (map[string]int64, error) {
	s.use.mu.Lock()
	defer s.use.mu.Unlock()
	now := s.Now()
	counted := map[string]int64{} // what was given out is never changed
	fresh := now.Sub(s.use.counted) < useKept
	if fresh {
		for address, n := range s.use.started {
			counted[address] = n
		}
	}
	for _, at := range all {
		if _, known := counted[at.Address()]; known {
			continue
		}
		id, err := s.ProjectID(v, at.Domain, at.Project.UID)
		if err != nil {
			return nil, err
		}
		if counted[at.Address()], err = s.Activity.CountStarted(v.Context(), []string{id}, now.AddDate(0, 0, -popularDays), now); err != nil {
			return nil, err
		}
	}
	if !fresh {
		s.use.counted = now
	}
	s.use.started = counted
	return counted, nil
}
