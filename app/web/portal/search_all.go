package portal

import (
	"cmp"
	"net/http"
	"slices"

	"selfhelp/app/publication"
	"selfhelp/app/web/frame"
	"selfhelp/store"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// hitsShown is how many procedures found in all projects are shown, and
// suggested how many.
const (
	hitsShown = 20
	suggested = 8
)

// wholeBox is the search of the front page.
func wholeBox(words string) views.SearchBox {
	return views.SearchBox{Action: "/search", Suggest: "/suggest?q=", Words: words}
}

// placedHit is a procedure found, with the domain it is in.
type placedHit struct {
	publication.Hit
	domain string
}

// searchAll finds procedures in all projects the visitor can reach.
func (s *Portal) searchAll(w http.ResponseWriter, v *frame.Visit) error {
	words, all := queryOf(v), s.reached(v)
	if len(all) == 1 {
		return frame.GoTo(w, v, withQuery(all[0].Address()+"/search", "q", words))
	}
	page := views.SearchPage{
		Chrome: v.Chrome(ui.Portal, v.Words.T("search.title")), Search: wholeBox(words), Whole: true, All: withQuery("/search", "q", words),
		Crumbs: []ui.Place{{Name: v.Words.T("home.crumb"), URL: "/"}, {Name: v.Words.T("search.title")}},
	}
	if words == "" {
		return frame.Show(w, v, page.View())
	}
	hits, counts, err := s.findAll(v, all, words)
	if err != nil {
		return err
	}
	for _, n := range counts {
		page.Total += n
	}
	id, err := s.keepSearchOfAll(v, words, hits, page.Total)
	if err != nil {
		return err
	}
	where := s.domainNames(v, all)
	for _, h := range hits {
		card := s.cardOf(v, h.domain, h.Hit)
		card.Where, card.URL = s.projectOf(v, h, where), s.fromSearch(card.URL, id)
		page.Cards = append(page.Cards, card)
	}
	for _, at := range all {
		if n := counts[at.Address()]; n > 0 {
			page.Categories = append(page.Categories, views.Category{
				Name: s.Pick(v, at.Project, at.Project.Name), Count: n, URL: withQuery(at.Address()+"/search", "q", words),
			})
		}
	}
	if len(page.Cards) == 0 {
		page.Projects, err = s.projectCards(v, all)
	}
	if err != nil {
		return err
	}
	return frame.Show(w, v, page.View())
}

// findAll searches each domain, whose people and groups are its own, and says
// how many were found in each project by the address of its portal.
func (s *Portal) findAll(v *frame.Visit, all []frame.Place, words string) (hits []placedHit, counts map[string]int, err error) {
	counts = map[string]int{}
	for _, domain := range domainsOf(all) {
		result, err := s.Hold(v).Domain(domain).Search(words, s.filterIn(v, domain, hitsShown))
		if err != nil {
			return nil, nil, err
		}
		hits = append(hits, placed(domain, result.Hits)...)
		for _, at := range all {
			for c, n := range result.Categories {
				if at.Domain == domain && at.Project.UID == c.Project {
					counts[at.Address()] += n
				}
			}
		}
	}
	return best(hits, hitsShown), counts, nil
}

func domainsOf(all []frame.Place) (domains []string) {
	for _, at := range all {
		domains = appendNew(domains, at.Domain)
	}
	return domains
}

func (s *Portal) filterIn(v *frame.Visit, domain string, limit int) publication.Filter {
	return publication.Filter{Reader: v.Reader(domain), Lang: v.Words.Lang(), Limit: limit, Now: s.Now()}
}

func placed(domain string, found []publication.Hit) []placedHit {
	hits := make([]placedHit, len(found))
	for i, h := range found {
		hits[i] = placedHit{h, domain}
	}
	return hits
}

// best puts what was found in several domains in one order. A word counts more
// where it is rare, so that scores of two domains are only nearly comparable.
func best(hits []placedHit, most int) []placedHit {
	slices.SortStableFunc(hits, func(a, b placedHit) int { return cmp.Compare(b.Score, a.Score) })
	return hits[:min(len(hits), most)]
}

// keepSearchOfAll remembers a search for those who write what answers it best.
func (s *Portal) keepSearchOfAll(v *frame.Visit, words string, hits []placedHit, total int) (int64, error) {
	kept := store.Search{At: s.Now(), Language: v.Words.Lang(), Query: words, Hits: total}
	if len(hits) > 0 {
		id, err := s.ProjectID(v, hits[0].domain, hits[0].Bundle.Project().UID)
		if err != nil {
			return 0, err
		}
		kept.Project = id
	}
	return s.Activity.AddSearch(v.Context(), kept)
}

// projectOf names the project of a procedure that was found, and its domain
// where there are several.
func (s *Portal) projectOf(v *frame.Visit, h placedHit, domains map[string]string) string {
	p := h.Bundle.Project()
	if domain := domains[h.domain]; domain != "" {
		return s.Pick(v, p, p.Name) + " · " + domain
	}
	return s.Pick(v, p, p.Name)
}

// suggestAll gives the names that hold what is typed, in all projects.
func (s *Portal) suggestAll(w http.ResponseWriter, v *frame.Visit) error {
	var hits []placedHit
	all := s.reached(v)
	for _, domain := range domainsOf(all) {
		found, err := s.Hold(v).Domain(domain).Suggest(queryOf(v), s.filterIn(v, domain, suggested))
		if err != nil {
			return err
		}
		hits = append(hits, placed(domain, found)...)
	}
	var page views.Suggestions
	where := s.domainNames(v, all)
	for _, h := range best(hits, suggested) {
		page.Cards = append(page.Cards, views.Card{
			Title: segments(h.Title), URL: frame.StartAddress(h.domain, h.Entry), Icon: s.entryIcon(h.Listed), Where: s.projectOf(v, h, where),
		})
	}
	return frame.Show(w, v, page.Options())
}
