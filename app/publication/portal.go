package publication

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"time"

	"selfhelp/app/fault"
	"selfhelp/app/publication/index"
)

// Portal is what people browse and search: the versions of a project that are
// active together, or those of every project of a domain. Where versions that are
// for a reader have the same procedure, the highest one shows it.
type Portal struct {
	parts []part
}

// Offer is an open bundle with those it is for.
type Offer struct {
	*Bundle
	Trial []string // groups its version is on trial with; none: whoever its project is for
}

// part is one bundle of a portal.
type part struct {
	Offer
	hidden []bool  // entries that a higher version shows to everybody; nil: none
	under  []cover // those that versions on trial show
}

// cover is what a higher version on trial hides of a bundle, from those who are
// in the trial.
type cover struct {
	trial  []string
	hidden []bool
}

// NewPortal returns the portal of bundles, which stay open as long as it is
// used.
func NewPortal(offers ...Offer) (Portal, error) {
	sorted := slices.SortedStableFunc(slices.Values(offers), func(a, b Offer) int {
		return cmp.Or(cmp.Compare(a.project.UID, b.project.UID), b.manifest.Number.Compare(a.manifest.Number))
	})
	var portal Portal
	for len(sorted) > 0 {
		n := 1
		for n < len(sorted) && sorted[n].project.UID == sorted[0].project.UID {
			n++
		}
		parts, err := stack(sorted[:n])
		if err != nil {
			return Portal{}, err
		}
		portal.parts, sorted = append(portal.parts, parts...), sorted[n:]
	}
	return portal, nil
}

// stack puts the versions of a project, the highest first, over one another.
func stack(offers []Offer) (parts []part, err error) {
	if len(offers) == 1 {
		return []part{{Offer: offers[0]}}, nil
	}
	shown := map[string]bool{} // to everybody
	var trials []tried
	for _, o := range offers {
		uids, err := o.uids()
		if err != nil {
			return nil, err
		}
		p := part{Offer: o, hidden: hides(shown, uids)}
		for _, t := range trials {
			p.under = append(p.under, cover{t.groups, hides(t.shown, uids)})
		}
		parts = append(parts, p)
		mine := shown
		if len(o.Trial) > 0 {
			mine = map[string]bool{}
			trials = append(trials, tried{o.Trial, mine})
		}
		for _, uid := range uids {
			mine[uid] = true
		}
	}
	return parts, nil
}

// tried is what a version on trial shows to its groups.
type tried struct {
	groups []string
	shown  map[string]bool // UIDs
}

// hides says which entries are shown elsewhere.
func hides(shown map[string]bool, uids []string) []bool {
	hidden := make([]bool, len(uids))
	for i, uid := range uids {
		hidden[i] = shown[uid]
	}
	return hidden
}

// uids lists those of the entries of a bundle, by their place.
func (b *Bundle) uids() (uids []string, err error) {
	rows, err := b.db.Query(selectUIDs)
	if err != nil {
		return nil, fmt.Errorf("read entries: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var uid string
		if err := rows.Scan(&uid); err != nil {
			return nil, fmt.Errorf("read entries: %w", err)
		}
		uids = append(uids, uid)
	}
	if err := rows.Err(); err != nil || len(uids) != len(b.cards) {
		return nil, errors.Join(errRecord, err)
	}
	return uids, nil
}

// offered lists the parts whose version is for a reader. Most portals have no
// trial in them, and give all they have.
func (p Portal) offered(r Reader) []part {
	in := func(part part) bool { return r.in(part.Trial) }
	at := slices.IndexFunc(p.parts, func(part part) bool { return !in(part) })
	if at < 0 {
		return p.parts
	}
	parts := slices.Clone(p.parts[:at])
	for _, part := range p.parts[at:] {
		if in(part) {
			parts = append(parts, part)
		}
	}
	return parts
}

// Version returns the version of the project that a reader begins on, the
// highest one that is for them; of several projects, that of the first. When
// none is for them it is the highest one all the same: access then says no. It
// is nothing when the portal holds nothing.
func (p Portal) Version(r Reader) Offer {
	if parts := p.offered(r); len(parts) > 0 {
		return parts[0].Offer
	}
	if len(p.parts) == 0 {
		return Offer{}
	}
	return p.parts[0].Offer
}

// Versions returns every active version of the project, the highest first.
func (p Portal) Versions() (all []Offer) {
	for _, part := range p.parts {
		all = append(all, part.Offer)
	}
	return all
}

// Listed is an entry in a list.
type Listed struct {
	*Entry
	Offer // where it is
}

// Entry returns the entry with an alias, of the highest version for the reader
// that has it; an older address leads to where the procedure is now. Whether
// someone may see it is not asked here: what is in no version of theirs is found
// as well, for access to say no.
func (p Portal) Entry(alias string, r Reader) (Listed, error) {
	offered := p.offered(r)
	l, err := findIn(offered, alias)
	if fault.Is(err, fault.NotFound) && len(offered) < len(p.parts) {
		return findIn(p.parts, alias)
	}
	return l, err
}

// findIn looks for an alias in the highest of some parts that has it.
func findIn(parts []part, alias string) (Listed, error) {
	for _, part := range parts {
		e, err := part.Entry(alias)
		if fault.Is(err, fault.NotFound) {
			continue
		}
		if err != nil {
			return Listed{}, err
		}
		return newest(parts, Listed{e, part.Offer})
	}
	return Listed{}, fault.New(fault.NotFound, "fault.procedure.unknown")
}

// newest is an entry in the highest version of its project that has it.
func newest(parts []part, l Listed) (Listed, error) {
	for _, part := range parts {
		if part.project.UID != l.Bundle.project.UID {
			continue
		}
		if part.Bundle == l.Bundle {
			break
		}
		doc, err := part.place(part.ask.byUID, l.UID)
		if fault.Is(err, fault.NotFound) {
			continue
		}
		if err != nil {
			return l, err
		}
		e, err := part.entry(doc)
		return Listed{e, part.Offer}, err
	}
	return l, nil
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
		all = append(all, Listed{e, v.Offer})
	}
	return all, nil
}

// gather lists the entries that choose gives for each bundle.
func (p Portal) gather(r Reader, choose func(v view) ([]int, error)) (all []Listed, err error) {
	for _, v := range p.views(r) {
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
