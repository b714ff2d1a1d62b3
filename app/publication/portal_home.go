package publication

import (
	"cmp"
	"slices"
	"time"

	"selfhelp/app/fault"
	"selfhelp/app/procedure"
)

// Category is a category of a portal with what the reader may see in it.
type Category struct {
	ID    string // "" for what is in no category
	Name  procedure.Text
	Icon  string
	Count int // entries in it and below
	Below []Category
}

// Categories returns the categories of a project's portal as a tree, in their
// writers' order, those with something in them for the reader.
func (p Portal) Categories(r Reader) []Category {
	counts := map[string]int{}
	var all []procedure.Category
	known := map[string]bool{}
	for _, v := range p.views(r) {
		for doc, c := range v.reach.Category {
			if v.sees(doc) {
				counts[v.reach.Categories[c]]++
			}
		}
		for _, c := range v.project.Categories {
			if !known[c.ID] {
				known[c.ID] = true
				all = append(all, c)
			}
		}
	}
	tree := categoriesBelow("", all, known, counts)
	if stray := strays(counts, known); stray > 0 {
		tree = append(tree, Category{Count: stray})
	}
	return tree
}

// categoriesBelow returns the categories that stand below one ("" for the top,
// where those stand whose parent is unknown).
func categoriesBelow(parent string, all []procedure.Category, known map[string]bool, counts map[string]int) (tree []Category) {
	for _, c := range all {
		above := c.Parent
		if !known[above] {
			above = ""
		}
		if above != parent || c.ID == parent {
			continue
		}
		node := Category{ID: c.ID, Name: c.Name, Icon: c.Icon, Count: counts[c.ID], Below: categoriesBelow(c.ID, all, known, counts)}
		for _, below := range node.Below {
			node.Count += below.Count
		}
		if node.Count > 0 {
			tree = append(tree, node)
		}
	}
	return tree
}

// strays counts the entries whose category is none of the project's.
func strays(counts map[string]int, known map[string]bool) (n int) {
	for id, count := range counts {
		if !known[id] {
			n += count
		}
	}
	return n
}

// News is a line of what is new.
type News struct {
	procedure.News
	Bundle *Bundle
	Entry  *Entry // what it leads to, if anything
}

// News returns what is new on a day, the latest first. News of a procedure that
// the reader may not see are not told.
func (p Portal) News(r Reader, now time.Time) ([]News, error) {
	var all []News
	today := procedure.DateOf(now)
	for _, v := range p.views(r) {
		if !v.lead {
			continue
		}
		for _, n := range v.project.News {
			if today.Before(n.On) || (!n.Until.IsZero() && n.Until.Before(today)) {
				continue
			}
			item, ok, err := v.news(n)
			if err != nil {
				return nil, err
			}
			if ok {
				all = append(all, item)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b News) int { return cmp.Compare(b.On.String(), a.On.String()) })
	return all, nil
}

// news finds what a line of news leads to, and whether the reader may know.
func (v view) news(n procedure.News) (News, bool, error) {
	item := News{News: n, Bundle: v.Bundle}
	if n.Procedure == "" {
		return item, true, nil
	}
	doc, err := v.place(v.ask.byUID, n.Procedure)
	if fault.Is(err, fault.NotFound) {
		return item, false, nil
	}
	if err != nil {
		return item, false, err
	}
	item.Entry, err = v.entry(doc)
	return item, v.sees(doc), err
}
