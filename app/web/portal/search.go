package portal

import (
	"net/http"
	"strconv"
	"strings"

	"selfhelp/app/publication"
	"selfhelp/app/publication/index"
	"selfhelp/app/web/frame"
	"selfhelp/store"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// queryOf returns what is searched for: valid, of one line, of a bearable
// length. Whatever signs are in it are words, not orders.
func queryOf(v *frame.Visit) string { return frame.OneLine(v.URL.Query().Get("q")) }

// filter is what a search of the portal looks through.
func (s *Portal) filter(v *frame.Visit) (publication.Filter, string) {
	r, group := v.Narrowed(v.Place.Domain)
	return publication.Filter{
		Reader: r, Lang: v.ContentLanguage(v.Place.Project), Category: v.URL.Query().Get("category"), Now: s.Now(),
	}, group
}

// search finds procedures by what the person typed.
func (s *Portal) search(w http.ResponseWriter, v *frame.Visit) error {
	words := queryOf(v)
	f, group := s.filter(v)
	page := views.SearchPage{
		Chrome: s.PortalChrome(v, v.Place, v.Words.T("search.title")), Search: searchBox(v.Place, words, f.Category, group),
		All:    withQuery(v.Place.Address()+"/search", "group", group, "q", words),
		Crumbs: append(s.crumbs(v), ui.Place{Name: v.Words.T("search.title")}),
	}
	var err error
	if page.Groups, err = s.groupLinks(v, group); err != nil {
		return err
	}
	if words == "" {
		return frame.Show(w, v, page.View())
	}
	result, err := v.Place.Portal.Search(words, f)
	if err != nil {
		return err
	}
	id, err := s.keepSearch(v, words, f, result.Total)
	if err != nil {
		return err
	}
	page.Total = result.Total
	for _, h := range result.Hits {
		page.Cards = append(page.Cards, s.hitCard(v, h, id))
	}
	page.Categories = s.foundIn(v, result, words, f.Category, group)
	if len(page.Cards) == 0 {
		err = s.comfort(v, &page, f, group)
	}
	if err != nil {
		return err
	}
	return frame.Show(w, v, page.View())
}

// keepSearch remembers what was looked for, for those who write. Who looked is
// not kept.
func (s *Portal) keepSearch(v *frame.Visit, words string, f publication.Filter, hits int) (int64, error) {
	project, err := s.ProjectID(v, v.Place.Domain, v.Place.Project.UID)
	if err != nil {
		return 0, err
	}
	return s.Activity.AddSearch(v.Context(), store.Search{At: s.Now(), Project: project, Language: f.Lang, Query: words, Hits: hits})
}

// hitCard shows a procedure that was found; following it tells which search
// led there.
func (s *Portal) hitCard(v *frame.Visit, h publication.Hit, search int64) views.Card {
	card := s.cardOf(v, v.Place.Domain, h)
	card.Where, card.URL = s.whereOf(v, h.Listed), s.fromSearch(card.URL, search)
	return card
}

// cardOf shows a procedure of a domain with the words that were looked for.
func (s *Portal) cardOf(v *frame.Visit, domain string, h publication.Hit) views.Card {
	card := s.card(v, domain, h.Listed)
	card.Title = segments(h.Title)
	if len(h.Snippet) > 0 {
		card.Text = segments(h.Snippet)
	}
	return card
}

func segments(all []index.Segment) []views.Segment {
	shown := make([]views.Segment, len(all))
	for i, s := range all {
		shown[i] = views.Segment(s)
	}
	return shown
}

// whereOf names the category of a procedure.
func (s *Portal) whereOf(v *frame.Visit, l publication.Listed) string {
	p := l.Bundle.Project()
	for _, c := range p.Categories {
		if c.ID == l.Category {
			return s.Pick(v, p, c.Name)
		}
	}
	return ""
}

// foundIn lists the categories that have hits, in their order, with how many.
func (s *Portal) foundIn(v *frame.Visit, result publication.Result, words, on, group string) (all []views.Category) {
	for _, c := range v.Place.Project.Categories {
		n := result.Categories[publication.InCategory{Project: v.Place.Project.UID, ID: c.ID}]
		if n == 0 {
			continue
		}
		all = append(all, views.Category{
			ID: c.ID, Name: s.Pick(v, v.Place.Project, c.Name), Count: n, On: c.ID == on,
			URL: withQuery(v.Place.Address()+"/search", "category", c.ID, "group", group, "q", words),
		})
	}
	return all
}

// comfort fills a page where nothing was found with what may help instead.
func (s *Portal) comfort(v *frame.Visit, page *views.SearchPage, f publication.Filter, group string) (err error) {
	page.Nearest = s.categories(v, v.Place.Portal.Categories(f.Reader), group)
	page.Popular, err = s.popular(v, f.Reader)
	return err
}

// suggest gives the names that hold what is typed, from the third character.
func (s *Portal) suggest(w http.ResponseWriter, v *frame.Visit) error {
	f, _ := s.filter(v)
	f.Limit = suggested
	hits, err := v.Place.Portal.Suggest(queryOf(v), f)
	if err != nil {
		return err
	}
	var page views.Suggestions
	for _, h := range hits {
		page.Cards = append(page.Cards, views.Card{
			Title: segments(h.Title), URL: frame.StartAddress(v.Place.Domain, h.Entry), Icon: s.entryIcon(h.Listed), Where: s.whereOf(v, h.Listed),
		})
	}
	return frame.Show(w, v, page.Options())
}

// fromSearch adds to an address which search led there.
func (s *Portal) fromSearch(address string, search int64) string {
	mark := "?"
	if strings.Contains(address, "?") {
		mark = "&"
	}
	return address + mark + "search=" + s.Keys.Sign("search", strconv.FormatInt(search, 10))
}
