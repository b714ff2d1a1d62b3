package portal

import (
	"cmp"
	"net/http"
	"net/url"
	"strings"
	"time"

	"selfhelp/app/formula"
	"selfhelp/app/publication"
	"selfhelp/app/richtext"
	"selfhelp/app/web/frame"
	"selfhelp/assets"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// How much the home of a project shows of each thing.
const (
	homeCards = 6
	homeNews  = 5
	// popularDays is how far back the procedures started most are counted.
	popularDays = 90
)

// projectHome is the home of a project's portal.
func (s *Portal) projectHome(w http.ResponseWriter, v *frame.Visit) error {
	at := v.Place
	r, group := v.Narrowed(at.Domain)
	page := views.Portal{
		Chrome: s.PortalChrome(v, at, ""), Name: s.Pick(v, at.Project, at.Project.Name), Text: s.Pick(v, at.Project, at.Project.Description),
		Search:     searchBox(at, "", "", group),
		Categories: s.categories(v, at.Portal.Categories(r), group),
	}
	page.Flash = s.Said(w, v)
	for _, fill := range []func() error{
		func() (err error) { page.Groups, err = s.groupLinks(v, group); return err },
		func() (err error) { page.News, err = s.news(v, r); return err },
		func() (err error) { page.Recent, err = s.recent(v, r); return err },
		func() (err error) { page.Popular, err = s.popular(v, r); return err },
		func() (err error) { page.Newest, err = s.newest(v, r); return err },
	} {
		if err := fill(); err != nil {
			return err
		}
	}
	return frame.Show(w, v, page.View())
}

// searchBox is the search of the project's portal.
func searchBox(p frame.Place, words, category, group string) views.SearchBox {
	suggest := withQuery(p.Address()+"/suggest", "category", category, "group", group, "q", "x")
	return views.SearchBox{
		Action: p.Address() + "/search", Suggest: strings.TrimSuffix(suggest, "x"), Words: words, Category: category, Group: group,
	}
}

// withQuery is an address with the values that are set.
func withQuery(path string, pairs ...string) string {
	mark := "?"
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			path += mark + pairs[i] + "=" + url.QueryEscape(pairs[i+1])
			mark = "&"
		}
	}
	return path
}

// groupLinks lets the person look through one of their groups.
func (s *Portal) groupLinks(v *frame.Visit, on string) ([]views.Group, error) {
	own := v.Groups[v.Place.Domain].Names()
	if len(own) < 2 {
		return nil, nil
	}
	titles, err := s.GroupTitles(v, v.Place.Domain, own)
	if err != nil {
		return nil, err
	}
	here := *v.URL
	link := func(group string) string {
		values := here.Query()
		values.Del("group")
		if group != "" {
			values.Set("group", group)
		}
		return (&url.URL{Path: here.Path, RawQuery: values.Encode()}).String()
	}
	groups := []views.Group{{Name: v.Words.T("portal.all_groups"), URL: link(""), On: on == ""}}
	for _, name := range own {
		groups = append(groups, views.Group{Name: titles[name], URL: link(name), On: on == name})
	}
	return groups, nil
}

// categories shows the tree of categories.
func (s *Portal) categories(v *frame.Visit, tree []publication.Category, group string) (all []views.Category) {
	for _, c := range tree {
		node := views.Category{ID: c.ID, Name: s.categoryName(v, c), Icon: iconOf(c.Icon, "folder"), Count: c.Count}
		node.URL = withQuery(v.Place.Address()+"/c/"+cmp.Or(c.ID, otherCategory), "group", group)
		node.Below = s.categories(v, c.Below, group)
		all = append(all, node)
	}
	return all
}

// otherCategory stands in addresses for what is in no category: ids cannot
// begin with a hyphen.
const otherCategory = "-"

func (s *Portal) categoryName(v *frame.Visit, c publication.Category) string {
	if c.ID == "" {
		return v.Words.T("portal.other")
	}
	return cmp.Or(s.Pick(v, v.Place.Project, c.Name), c.ID)
}

// iconOf returns the name of an icon there is.
func iconOf(name, otherwise string) string {
	if assets.HasIcon(name) {
		return name
	}
	return otherwise
}

// news tells what is new.
func (s *Portal) news(v *frame.Visit, r publication.Reader) (items []views.NewsItem, err error) {
	all, err := v.Place.Portal.News(r, s.Now())
	if err != nil {
		return nil, err
	}
	for _, n := range all[:min(len(all), homeNews)] {
		item := views.NewsItem{Title: s.Pick(v, v.Place.Project, n.Title)}
		if item.Body, err = s.staticHTML(v, s.Pick(v, v.Place.Project, n.Body)); err != nil {
			return nil, err
		}
		if !n.On.IsZero() {
			item.On = v.Words.Date(time.Date(n.On.Year, n.On.Month, n.On.Day, 0, 0, 0, 0, ui.Zone()))
		}
		if n.Entry != nil {
			item.URL = frame.StartAddress(v.Place.Domain, n.Entry)
		}
		items = append(items, item)
	}
	return items, nil
}

// staticHTML is a CommonMark text without placeholders, made safe.
func (s *Portal) staticHTML(v *frame.Visit, source string) (string, error) {
	if source == "" {
		return "", nil
	}
	doc, err := richtext.Compile(source, nil)
	if err != nil {
		return "", err
	}
	return doc.HTML(formula.Vars{}, formula.NewBudget(), v.Words.Lang())
}

// recent are the procedures the person started last.
func (s *Portal) recent(v *frame.Visit, r publication.Reader) ([]views.Card, error) {
	if !v.Who.SignedIn() {
		return nil, nil
	}
	id, err := s.ProjectID(v, v.Place.Domain, v.Place.Project.UID)
	if err != nil {
		return nil, err
	}
	lately, err := s.Activity.Recents(v.Context(), v.Who.ID, id, homeCards)
	if err != nil {
		return nil, err
	}
	uids := make([]string, len(lately))
	for i, l := range lately {
		uids[i] = l.Procedure
	}
	return s.picked(v, uids, r)
}

// popular are the procedures writers call popular, then those started most.
func (s *Portal) popular(v *frame.Visit, r publication.Reader) ([]views.Card, error) {
	marked, err := v.Place.Portal.Popular(r, v.ContentLanguage(v.Place.Project), s.Now())
	if err != nil {
		return nil, err
	}
	if len(marked) >= homeCards {
		return s.cards(v, marked[:homeCards]), nil
	}
	id, err := s.ProjectID(v, v.Place.Domain, v.Place.Project.UID)
	if err != nil {
		return nil, err
	}
	counts, err := s.Activity.Populars(v.Context(), id, s.Now().AddDate(0, 0, -popularDays), s.Now(), 2*homeCards)
	if err != nil {
		return nil, err
	}
	var uids []string
	for _, m := range marked {
		uids = append(uids, m.UID)
	}
	for _, c := range counts {
		uids = appendNew(uids, c.Procedure)
	}
	return s.picked(v, uids, r)
}

func appendNew(list []string, one string) []string {
	for _, known := range list {
		if known == one {
			return list
		}
	}
	return append(list, one)
}

func (s *Portal) newest(v *frame.Visit, r publication.Reader) ([]views.Card, error) {
	all, err := v.Place.Portal.New(r, v.ContentLanguage(v.Place.Project), s.Now())
	return s.cards(v, all[:min(len(all), homeCards)]), err
}

func (s *Portal) picked(v *frame.Visit, uids []string, r publication.Reader) ([]views.Card, error) {
	all, err := v.Place.Portal.Pick(uids, r)
	return s.cards(v, all[:min(len(all), homeCards)]), err
}

// cards shows procedures as lists do.
func (s *Portal) cards(v *frame.Visit, all []publication.Listed) (cards []views.Card) {
	for _, l := range all {
		cards = append(cards, s.card(v, v.Place.Domain, l))
	}
	return cards
}

func (s *Portal) card(v *frame.Visit, domain string, l publication.Listed) views.Card {
	p := l.Bundle.Project()
	return views.Card{
		Title: views.Plain(s.Pick(v, p, l.Title)), Text: views.Plain(s.Pick(v, p, l.Description)),
		URL: frame.StartAddress(domain, l.Entry), Icon: s.entryIcon(l), Minutes: l.Minutes, New: l.New,
	}
}

// entryIcon is a procedure's own icon, else that of its category.
func (s *Portal) entryIcon(l publication.Listed) string {
	name := l.Icon
	for _, c := range l.Bundle.Project().Categories {
		if name == "" && c.ID == l.Category {
			name = c.Icon
		}
	}
	return iconOf(name, "step-page")
}

// category lists what is in a category.
func (s *Portal) category(w http.ResponseWriter, v *frame.Visit) error {
	r, group := v.Narrowed(v.Place.Domain)
	id := v.PathValue("category")
	found, path := findCategory(v.Place.Portal.Categories(r), id)
	if found == nil {
		return frame.Unknown()
	}
	own := id
	if id == otherCategory {
		own = ""
	}
	listed, err := v.Place.Portal.In(own, r, v.ContentLanguage(v.Place.Project), s.Now())
	if err != nil {
		return err
	}
	page := views.CategoryPage{
		Chrome: s.PortalChrome(v, v.Place, s.categoryName(v, *found)), Search: searchBox(v.Place, "", own, group),
		Below: s.categories(v, found.Below, group), Cards: s.cards(v, listed), Crumbs: s.crumbs(v),
	}
	for _, above := range path {
		page.Crumbs = append(page.Crumbs, ui.Place{Name: s.categoryName(v, above), URL: v.Place.Address() + "/c/" + above.ID})
	}
	page.Crumbs = append(page.Crumbs, ui.Place{Name: page.Title})
	return frame.Show(w, v, page.View())
}

// crumbs begin the way to a page of a project.
func (s *Portal) crumbs(v *frame.Visit) []ui.Place {
	return []ui.Place{{Name: s.Pick(v, v.Place.Project, v.Place.Project.Name), URL: v.Place.Address()}}
}

// findCategory finds a category in a tree, with those above it.
func findCategory(tree []publication.Category, id string) (found *publication.Category, above []publication.Category) {
	for i := range tree {
		if cmp.Or(tree[i].ID, otherCategory) == id {
			return &tree[i], nil
		}
		if found, path := findCategory(tree[i].Below, id); found != nil {
			return found, append([]publication.Category{tree[i]}, path...)
		}
	}
	return nil, nil
}
