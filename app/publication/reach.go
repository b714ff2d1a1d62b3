package publication

import (
	"slices"
	"strings"
)

// reach says which entries are for whom and in which category, by their place,
// small enough to be held in memory: it is asked for every document that a
// search meets.
type reach struct {
	Audiences  [][]string `json:"audiences"`  // the different ones; the first is the empty one
	Categories []string   `json:"categories"` // the different ones
	Audience   []int      `json:"audience"`   // by entry
	Category   []int      `json:"category"`   // by entry
	Popular    []int      `json:"popular"`    // entries their writers call so
	New        []int      `json:"new"`        // likewise
}

func reachOf(all *frozen) reach {
	r := reach{Audiences: [][]string{{}}, Categories: []string{}, Audience: []int{}, Category: []int{}, Popular: []int{}, New: []int{}}
	audiences := map[string]int{"": 0}
	categories := map[string]int{}
	for _, m := range all.procedures {
		if m.entry < 0 {
			continue
		}
		groups := slices.Compact(slices.Sorted(slices.Values(m.Audience)))
		key := strings.Repeat("\x00", len(groups)) + strings.Join(groups, "\x00")
		if _, known := audiences[key]; !known {
			audiences[key] = len(r.Audiences)
			r.Audiences = append(r.Audiences, groups)
		}
		if _, known := categories[m.Category]; !known {
			categories[m.Category] = len(r.Categories)
			r.Categories = append(r.Categories, m.Category)
		}
		r.Audience = append(r.Audience, audiences[key])
		r.Category = append(r.Category, categories[m.Category])
		if m.Popular {
			r.Popular = append(r.Popular, m.entry)
		}
		if m.New {
			r.New = append(r.New, m.entry)
		}
	}
	return r
}

// check refuses places that are nowhere.
func (r reach) check() error {
	beyond := func(places []int, end int) bool {
		return slices.ContainsFunc(places, func(at int) bool { return at < 0 || at >= end })
	}
	entries := len(r.Audience)
	if len(r.Category) != entries || beyond(r.Audience, len(r.Audiences)) || beyond(r.Category, len(r.Categories)) ||
		beyond(r.Popular, entries) || beyond(r.New, entries) {
		return errRecord
	}
	return nil
}

// Reader is who reads a bundle, as far as audiences go. The zero value is a
// visitor: a project must be public for it to see anything.
type Reader struct {
	Member bool     // belongs to the bundle's domain
	Groups []string // as a member of it
}

// in reports whether the reader is in an audience; an empty one is everyone.
func (r Reader) in(groups []string) bool {
	if len(groups) == 0 {
		return true
	}
	return r.Member && slices.ContainsFunc(groups, func(g string) bool { return slices.Contains(r.Groups, g) })
}

// Offered reports whether a version is for the reader, as far as its own audience
// goes.
func (r Reader) Offered(o Offer) bool { return r.in(o.Trial) }

// view is what one reader may see of the entries of a bundle.
type view struct {
	part
	lead bool   // of the versions that are for the reader, the highest of its project
	open []bool // by audience
	shut []bool // by category; nil: none is
}

// views returns what a reader may see of each bundle, those left out in which it
// is nothing: of versions that are on trial with others, and of projects that
// are for others.
func (p Portal) views(r Reader) []view {
	views := make([]view, 0, len(p.parts))
	project := ""
	for i := range p.parts {
		part := &p.parts[i]
		if !r.in(part.Trial) {
			continue
		}
		lead := part.project.UID != project
		project = part.project.UID
		if part.project.Public || r.Member && r.in(part.project.Audience) {
			views = append(views, part.viewFor(r, lead))
		}
	}
	return views
}

// viewFor returns what a reader may see of a project that is for them: each
// entry whose own audience they are in, and those of its category and above.
func (p *part) viewFor(r Reader, lead bool) view {
	v := view{part: *p, lead: lead}
	v.open = make([]bool, len(p.reach.Audiences))
	for i, groups := range p.reach.Audiences {
		v.open[i] = r.in(groups)
	}
	for i, gates := range p.gates {
		if slices.ContainsFunc(gates, func(groups []string) bool { return !r.in(groups) }) {
			if v.shut == nil {
				v.shut = make([]bool, len(p.gates))
			}
			v.shut[i] = true
		}
	}
	if len(v.under) > 0 {
		v.under = slices.DeleteFunc(slices.Clone(v.under), func(c cover) bool { return !r.in(c.trial) })
	}
	return v
}

// sees reports whether the reader may see an entry.
func (v *view) sees(entry int) bool {
	return v.open[v.reach.Audience[entry]] && (v.shut == nil || !v.shut[v.reach.Category[entry]]) && (v.hidden == nil || !v.hidden[entry]) &&
		(len(v.under) == 0 || !slices.ContainsFunc(v.under, func(c cover) bool { return c.hidden[entry] }))
}
