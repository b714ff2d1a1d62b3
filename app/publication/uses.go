package publication

import (
	"cmp"
	"database/sql"
	"errors"
	"slices"

	"selfhelp/app/fault"
	"selfhelp/app/procedure"
)

// uses says what shows each file, so that a file is given to those who may run
// something that shows it, and to no others.
type uses struct {
	Open []string         `json:"open"` // hashes that the project itself shows: its logo
	By   map[string][]int `json:"by"`   // by hash: entries that show it, one for each audience and category
}

// usesOf finds what every entry of a bundle shows, in the procedures that it
// calls as well.
func usesOf(all *frozen, r reach) uses {
	itself := *all.homes[0]
	itself.Resources = nil // what these show is for those who are shown them
	u := uses{Open: hashesOf(all.homes[0], procedure.ResourcesOfProject(&itself)), By: map[string][]int{}}
	members := map[string]*member{}
	shows := map[string][]string{} // by UID: hashes
	for i := range all.procedures {
		m := &all.procedures[i]
		members[m.UID] = m
		shows[m.UID] = hashesOf(all.homes[m.home], procedure.ResourcesOf(m.Procedure))
	}
	type gate struct {
		hash               string
		audience, category int
	}
	known := map[gate]bool{}
	for i := range all.procedures {
		entry := all.procedures[i].entry
		if entry < 0 {
			continue
		}
		for _, hash := range shownFrom(all.procedures[i].UID, members, shows) {
			g := gate{hash, r.Audience[entry], r.Category[entry]}
			if !known[g] {
				known[g] = true
				u.By[hash] = append(u.By[hash], entry)
			}
		}
	}
	return u
}

// shownFrom lists the files that a procedure shows, and those it calls.
func shownFrom(uid string, members map[string]*member, shows map[string][]string) (hashes []string) {
	seen := map[string]bool{uid: true}
	for queue := []string{uid}; len(queue) > 0; queue = queue[1:] {
		m := members[queue[0]]
		if m == nil {
			continue // nowhere: Check tells
		}
		hashes = append(hashes, shows[queue[0]]...)
		for _, called := range callsOf(m.Procedure) {
			if !seen[called] {
				seen[called] = true
				queue = append(queue, called)
			}
		}
	}
	return hashes
}

// hashesOf lists the contents of some resources of a project, and of those that
// their words show.
func hashesOf(p *procedure.Project, ids []string) (hashes []string) {
	ids = slices.Clone(ids)
	for i := 0; i < len(ids); i++ {
		at := slices.IndexFunc(p.Resources, func(r procedure.Resource) bool { return r.ID == ids[i] })
		if at < 0 {
			continue
		}
		r := &p.Resources[at]
		for _, f := range r.Files {
			hashes = append(hashes, f.Hash)
		}
		for _, more := range procedure.ResourcesOfResource(r) {
			if !slices.Contains(ids, more) {
				ids = append(ids, more)
			}
		}
	}
	slices.Sort(hashes)
	return slices.Compact(hashes)
}

// check refuses places that are nowhere.
func (u uses) check(entries int) error {
	for _, docs := range u.By {
		if slices.ContainsFunc(docs, func(doc int) bool { return doc < 0 || doc >= entries }) {
			return errRecord
		}
	}
	return nil
}

// readUses reads what shows each file. A bundle of before that was written says
// it by its procedures.
func (b *Bundle) readUses() error {
	err := b.fact(factUses, &b.uses)
	if errors.Is(err, sql.ErrNoRows) {
		b.uses, err = b.foundUses()
	}
	return cmp.Or(err, b.uses.check(len(b.cards)))
}

// foundUses reads every procedure to find what shows each file.
func (b *Bundle) foundUses() (uses, error) {
	all := &frozen{homes: b.homes}
	rows, err := b.db.Query(selectMembers)
	if err != nil {
		return uses{}, err
	}
	defer rows.Close()
	for rows.Next() {
		var uid string
		var entry int
		if err := rows.Scan(&uid, &entry); err != nil {
			return uses{}, err
		}
		p, home, _, err := b.procedure(uid)
		if err != nil {
			return uses{}, err
		}
		if entry >= len(b.cards) {
			return uses{}, errRecord
		}
		all.procedures = append(all.procedures, member{p, home, entry})
	}
	if err := rows.Err(); err != nil {
		return uses{}, err
	}
	return usesOf(all, b.reach), nil
}

// Open reports whether the project itself shows the file: whoever may see the
// project may have it.
func (h Holder) Open() bool { return slices.Contains(h.uses.Open, h.File.Hash) }

// Entries returns entries that show the file, one for each audience there is
// among them: who may run one of these may have it.
func (h Holder) Entries() (all []Listed, err error) {
	for _, doc := range h.uses.By[h.File.Hash] {
		e, err := h.entry(doc)
		if err != nil {
			return nil, err
		}
		all = append(all, Listed{e, h.Offer})
	}
	return all, nil
}

// ShownBy reports whether the file is for those who run an entry, by its UID.
func (h Holder) ShownBy(uid string) (bool, error) {
	doc, err := h.place(h.ask.byUID, uid)
	if fault.Is(err, fault.NotFound) {
		return false, nil
	}
	return err == nil && slices.ContainsFunc(h.uses.By[h.File.Hash], func(other int) bool {
		return h.reach.Audience[other] == h.reach.Audience[doc] && h.reach.Category[other] == h.reach.Category[doc]
	}), err
}
