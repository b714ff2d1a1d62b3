package web

import (
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"

	"selfhelp/app/publication"
	"selfhelp/app/publication/index"
	"selfhelp/store"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// longestQuery is how much of what is typed is looked at, in characters.
const longestQuery = 200

// queryOf returns what is searched for: valid, of one line, of a bearable
// length. Whatever signs are in it are words, not orders.
func queryOf(v *visit) string { return oneLine(v.URL.Query().Get("q")) }

// oneLine makes a text valid, of one line and of a bearable length.
func oneLine(typed string) string {
	words := strings.Map(func(r rune) rune {
		if r < ' ' || r == utf8.RuneError {
			return ' '
		}
		return r
	}, typed)
	words = strings.TrimSpace(words)
	if runes := []rune(words); len(runes) > longestQuery {
		words = string(runes[:longestQuery])
	}
	return words
}

// filter is what a search of the portal looks through.
func (s *Site) filter(v *visit) (publication.Filter, string) {
	r, group := v.narrowed(v.place.domain)
	return publication.Filter{
		Reader: r, Lang: v.content(v.place.project), Category: v.URL.Query().Get("category"), Now: s.now(),
	}, group
}

// search finds procedures by what the person typed.
func (s *Site) search(w http.ResponseWriter, v *visit) error {
	words := queryOf(v)
	f, group := s.filter(v)
	page := views.SearchPage{
		Chrome: s.portalChrome(v, v.place, v.words.T("search.title")), Search: v.place.searchBox(words, f.Category, group),
		Groups: s.groupLinks(v, group), All: withQuery(v.place.address()+"/search", "group", group, "q", words),
		Crumbs: append(s.crumbs(v), ui.Place{Name: v.words.T("search.title")}),
	}
	if words == "" {
		return show(w, v, page.View())
	}
	result, err := v.place.portal.Search(words, f)
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
	return show(w, v, page.View())
}

// keepSearch remembers what was looked for, for those who write. Who looked is
// not kept.
func (s *Site) keepSearch(v *visit, words string, f publication.Filter, hits int) (int64, error) {
	project, err := s.projectID(v, v.place.domain, v.place.project.UID)
	if err != nil {
		return 0, err
	}
	return s.activity.AddSearch(v.Context(), store.Search{At: s.now(), Project: project, Language: f.Lang, Query: words, Hits: hits})
}

// hitCard shows a procedure that was found; following it tells which search
// led there.
func (s *Site) hitCard(v *visit, h publication.Hit, search int64) views.Card {
	card := s.cards(v, []publication.Listed{h.Listed})[0]
	card.Title, card.Where = segments(h.Title), s.whereOf(v, h.Listed)
	if len(h.Snippet) > 0 {
		card.Text = segments(h.Snippet)
	}
	card.URL = s.fromSearch(card.URL, search)
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
func (s *Site) whereOf(v *visit, l publication.Listed) string {
	p := l.Bundle.Project()
	for _, c := range p.Categories {
		if c.ID == l.Category {
			return s.pick(v, p, c.Name)
		}
	}
	return ""
}

// foundIn lists the categories that have hits, in their order, with how many.
func (s *Site) foundIn(v *visit, result publication.Result, words, on, group string) (all []views.Category) {
	for _, c := range v.place.project.Categories {
		n := result.Categories[publication.InCategory{Project: v.place.project.UID, ID: c.ID}]
		if n == 0 {
			continue
		}
		all = append(all, views.Category{
			ID: c.ID, Name: s.pick(v, v.place.project, c.Name), Count: n, On: c.ID == on,
			URL: withQuery(v.place.address()+"/search", "category", c.ID, "group", group, "q", words),
		})
	}
	return all
}

// comfort fills a page where nothing was found with what may help instead.
func (s *Site) comfort(v *visit, page *views.SearchPage, f publication.Filter, group string) (err error) {
	page.Nearest = s.categories(v, v.place.portal.Categories(f.Reader), group)
	page.Nearest = page.Nearest[:min(len(page.Nearest), homeCards)]
	page.Popular, err = s.popular(v, f.Reader)
	return err
}

// suggest gives the names that hold what is typed, from the third character.
func (s *Site) suggest(w http.ResponseWriter, v *visit) error {
	f, _ := s.filter(v)
	f.Limit = 8
	hits, err := v.place.portal.Suggest(queryOf(v), f)
	if err != nil {
		return err
	}
	var page views.Suggestions
	for _, h := range hits {
		page.Cards = append(page.Cards, views.Card{
			Title: segments(h.Title), URL: startAddress(v.place.domain, h.Entry), Icon: s.entryIcon(h.Listed), Where: s.whereOf(v, h.Listed),
		})
	}
	return show(w, v, page.Options())
}

// fromSearch adds to an address which search led there.
func (s *Site) fromSearch(address string, search int64) string {
	mark := "?"
	if strings.Contains(address, "?") {
		mark = "&"
	}
	return address + mark + "search=" + s.keys.sign("search", strconv.FormatInt(search, 10))
}
