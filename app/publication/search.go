package publication

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"selfhelp/app/procedure"
	"selfhelp/app/publication/index"
)

// The bounds of a search.
const (
	defaultHits  = 20
	maxHits      = 100
	minSuggest   = 3 // letters before anything is suggested
	snippetWidth = 160
)

// Filter narrows a search.
type Filter struct {
	Reader
	Lang     string // of the content, and of the words typed
	Project  string // UID; empty: every project of the portal
	Category string // id, with those below it; empty: all
	Limit    int    // hits; 0: 20
	Now      time.Time
}

// limit returns how many hits are wanted.
func (f Filter) limit() int {
	if f.Limit <= 0 {
		return defaultHits
	}
	return min(f.Limit, maxHits)
}

// Hit is one procedure found.
type Hit struct {
	Listed
	Score   float64
	Title   []index.Segment // with the words marked
	Snippet []index.Segment // the passage that speaks of it; none when only its name does
}

// Result is what a search found.
type Result struct {
	Hits  []Hit
	Total int // procedures found, in the project and category asked for
	// Categories counts the procedures found whatever project and category was
	// asked for, to refine the search.
	Categories map[InCategory]int
}

// InCategory names a category of a project.
type InCategory struct {
	Project string // UID
	ID      string // "" for what is in no category
}

// quest is one query put to one bundle.
type quest struct {
	view
	lang  string
	index *index.Index
	match index.Match
}

// ask puts a query to the bundles in which the reader may see something, and
// says what scores are relative to.
func (p Portal) ask(query string, f Filter) (quests []quest, corpus index.Corpus, err error) {
	for _, v := range p.views(f.Reader) {
		if len(v.project.Languages) == 0 {
			continue
		}
		q := quest{view: v}
		q.lang = v.language(f.Lang)
		if q.index, err = v.index(q.lang); err != nil {
			return nil, corpus, err
		}
		q.match = q.index.Match(index.Parse(query, q.lang))
		corpus = corpus.Plus(q.index.Corpus(q.match))
		quests = append(quests, q)
	}
	return quests, corpus, nil
}

// found is a document of one bundle.
type found struct {
	*quest
	index.Hit
}

// compareFound orders the best first, and equals always in the same way.
func compareFound(a, b found) int {
	return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.manifest.Hash, b.manifest.Hash), cmp.Compare(a.Doc, b.Doc))
}

// Search finds the procedures that speak of what a person typed, the best
// first, among those the reader may see.
func (p Portal) Search(query string, f Filter) (Result, error) {
	result := Result{Categories: map[InCategory]int{}}
	quests, corpus, err := p.ask(query, f)
	if err != nil {
		return result, fmt.Errorf("search: %w", err)
	}
	best := top[found]{most: f.limit(), compare: compareFound}
	for i := range quests {
		q := &quests[i]
		wanted := q.wanted(f)
		counts := make([]int, len(q.reach.Categories))
		err := q.index.Rank(q.match, corpus, index.Everywhere, false, q.sees, func(h index.Hit) {
			c := q.reach.Category[h.Doc]
			counts[c]++
			if wanted[c] {
				result.Total++
				best.add(found{q, h})
			}
		})
		if err != nil {
			return result, fmt.Errorf("search: %w", err)
		}
		for c, n := range counts {
			if n > 0 {
				result.Categories[InCategory{q.project.UID, q.reach.Categories[c]}] += n
			}
		}
	}
	result.Hits, err = hits(best.sorted(), f, true)
	return result, err
}

// Suggest returns the procedures whose names hold every word typed so far, from
// the third letter on.
func (p Portal) Suggest(typed string, f Filter) ([]Hit, error) {
	if utf8.RuneCountInString(strings.TrimSpace(typed)) < minSuggest {
		return nil, nil
	}
	quests, corpus, err := p.ask(typed, f)
	if err != nil {
		return nil, fmt.Errorf("suggest: %w", err)
	}
	best := top[found]{most: f.limit(), compare: compareFound}
	for i := range quests {
		q := &quests[i]
		wanted := q.wanted(f)
		err := q.index.Rank(q.match, corpus, index.InNames, true, q.sees, func(h index.Hit) {
			if wanted[q.reach.Category[h.Doc]] {
				best.add(found{q, h})
			}
		})
		if err != nil {
			return nil, fmt.Errorf("suggest: %w", err)
		}
	}
	return hits(best.sorted(), f, false)
}

// hits reads what is shown of what was found.
func hits(all []found, f Filter, snippets bool) ([]Hit, error) {
	var list []Hit
	for _, at := range all {
		e, err := at.entry(at.Doc)
		if err != nil {
			return nil, err
		}
		langs := preferring(at.lang, at.project.Languages)
		title, _ := e.Title.Pick(f.Now, langs...)
		h := Hit{Listed: Listed{e, at.Offer}, Score: float64(at.Score), Title: at.match.Mark(title, at.lang)}
		if snippets {
			if h.Snippet, err = at.snippet(e, langs, f.Now); err != nil {
				return nil, err
			}
		}
		list = append(list, h)
	}
	return list, nil
}

// snippet returns the passage of an entry that speaks best of what is looked
// for: of its description, else of its pages, as they read on that day.
func (q *quest) snippet(e *Entry, langs []string, now time.Time) ([]index.Segment, error) {
	today := func(t procedure.Text) string {
		words, _ := t.Pick(now, langs...)
		return words
	}
	if s := q.match.Snippet(slices.Values([]string{plain(today(e.Description))}), q.lang, snippetWidth); s != nil {
		return s, nil
	}
	p, err := q.reading(e.UID)
	if err != nil {
		return nil, fmt.Errorf("read procedure %s: %w", e.UID, err)
	}
	return q.match.Snippet(spoken(p, today), q.lang, snippetWidth), nil
}

// wanted returns which categories of the bundle, by their places, a filter asks
// for.
func (q *quest) wanted(f Filter) []bool {
	wanted := make([]bool, len(q.reach.Categories))
	if f.Project != "" && f.Project != q.project.UID {
		return wanted
	}
	within := map[string]bool{f.Category: true}
	for grown := true; grown; {
		grown = false
		for _, c := range q.project.Categories {
			if within[c.Parent] && !within[c.ID] {
				within[c.ID], grown = true, true
			}
		}
	}
	for i, id := range q.reach.Categories {
		wanted[i] = f.Category == "" || within[id]
	}
	return wanted
}
