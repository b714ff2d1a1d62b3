package publication

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"time"

	"selfhelp/app/fault"
	"selfhelp/app/procedure"
	"selfhelp/app/publication/index"
)

// Portal is what people browse and search: the versions of a project that are
// active together, or those of every project of a domain. Where versions have
// the same procedure, the highest one shows it.
type Portal struct {
	parts []part
}

// part is one bundle of a portal.
type part struct {
	*Bundle
	lead   bool   // the highest version of its project
	hidden []bool // entries that a higher version shows; nil: none
}

// NewPortal returns the portal of bundles, which stay open as long as it is
// used.
func NewPortal(bundles ...*Bundle) (Portal, error) {
	sorted := slices.SortedStableFunc(slices.Values(bundles), func(a, b *Bundle) int {
		return cmp.Or(cmp.Compare(a.project.UID, b.project.UID), b.manifest.Number.Compare(a.manifest.Number))
	})
	var portal Portal
	var shown map[string]bool // UIDs of the project at hand
	for i, b := range sorted {
		p := part{Bundle: b, lead: i == 0 || sorted[i-1].project.UID != b.project.UID}
		if p.lead {
			shown = map[string]bool{}
		}
		alone := p.lead && (i == len(sorted)-1 || sorted[i+1].project.UID != b.project.UID)
		if !alone {
			if err := p.hide(shown); err != nil {
				return Portal{}, err
			}
		}
		portal.parts = append(portal.parts, p)
	}
	return portal, nil
}

// hide hides the entries that higher versions show, and adds the others to
// what is shown.
func (p *part) hide(shown map[string]bool) error {
	rows, err := p.db.Query(selectUIDs)
	if err != nil {
		return fmt.Errorf("read entries: %w", err)
	}
	defer rows.Close()
	p.hidden = make([]bool, 0, len(p.cards))
	for rows.Next() {
		var uid string
		if err := rows.Scan(&uid); err != nil {
			return fmt.Errorf("read entries: %w", err)
		}
		p.hidden = append(p.hidden, shown[uid])
		shown[uid] = true
	}
	if err := rows.Err(); err != nil || len(p.hidden) != len(p.cards) {
		return errors.Join(errRecord, err)
	}
	return nil
}

// Project returns the project of the portal, or the first of several, as its
// highest version has it; nil when the portal holds nothing.
func (p Portal) Project() *procedure.Project {
	if len(p.parts) == 0 {
		return nil
	}
	return p.parts[0].project
}

// Listed is an entry in a list.
type Listed struct {
	*Entry
	Bundle *Bundle // where it is
}

// Entry returns the entry with an alias, of the highest version that has it.
// Whether someone may see it is not asked here.
func (p Portal) Entry(alias string) (Listed, error) {
	for _, part := range p.parts {
		e, err := part.Entry(alias)
		if err == nil {
			return Listed{e, part.Bundle}, nil
		}
		if !fault.Is(err, fault.NotFound) {
			return Listed{}, err
		}
	}
	return Listed{}, fault.New(fault.NotFound, "fault.procedure.unknown")
}

// list reads entries by their places, those the reader may see.
func (v view) list(docs []int) (all []Listed, err error) {
	for _, doc := range docs {
		if !v.sees(doc) {
			continue
		}
		e, err := v.entry(doc)
		if err != nil {
			return nil, err
		}
		all = append(all, Listed{e, v.Bundle})
	}
	return all, nil
}

// gather lists the entries that choose gives for each bundle.
func (p Portal) gather(r Reader, choose func(v view) ([]int, error)) (all []Listed, err error) {
	for _, part := range p.parts {
		v := part.viewFor(r)
		if v.open == nil {
			continue
		}
		docs, err := choose(v)
		if err != nil {
			return nil, err
		}
		more, err := v.list(docs)
		if err != nil {
			return nil, err
		}
		all = append(all, more...)
	}
	return all, nil
}

// In returns the entries of a category by their titles in a language. Those of
// the categories below it are not in it.
func (p Portal) In(category string, r Reader, lang string, now time.Time) ([]Listed, error) {
	all, err := p.gather(r, func(v view) (docs []int, _ error) {
		at := slices.Index(v.reach.Categories, category)
		for doc, c := range v.reach.Category {
			if c == at {
				docs = append(docs, doc)
			}
		}
		return docs, nil
	})
	sortByTitle(all, lang, now)
	return all, err
}

// Popular returns the entries that their writers call popular, by title.
func (p Portal) Popular(r Reader, lang string, now time.Time) ([]Listed, error) {
	all, err := p.gather(r, func(v view) ([]int, error) { return v.reach.Popular, nil })
	sortByTitle(all, lang, now)
	return all, err
}

// New returns the entries that their writers call new, by title.
func (p Portal) New(r Reader, lang string, now time.Time) ([]Listed, error) {
	all, err := p.gather(r, func(v view) ([]int, error) { return v.reach.New, nil })
	sortByTitle(all, lang, now)
	return all, err
}

// Pick returns the entries with the given UIDs in their order, without those
// that are gone or not for the reader: what someone used lately, what many use.
func (p Portal) Pick(uids []string, r Reader) ([]Listed, error) {
	all, err := p.gather(r, func(v view) (docs []int, _ error) {
		for _, uid := range uids {
			doc, err := v.place(v.ask.byUID, uid)
			switch {
			case err == nil:
				docs = append(docs, doc)
			case !fault.Is(err, fault.NotFound):
				return nil, err
			}
		}
		return docs, nil
	})
	slices.SortStableFunc(all, func(a, b Listed) int {
		return cmp.Compare(slices.Index(uids, a.UID), slices.Index(uids, b.UID))
	})
	return all, err
}

func sortByTitle(all []Listed, lang string, now time.Time) {
	titles := map[*Entry]string{}
	for _, l := range all {
		title, _ := l.Title.Pick(now, preferring(lang, l.Bundle.project.Languages)...)
		titles[l.Entry] = index.Fold(title)
	}
	slices.SortStableFunc(all, func(a, b Listed) int { return cmp.Compare(titles[a.Entry], titles[b.Entry]) })
}
