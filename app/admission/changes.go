package admission

import (
	"slices"

	"selfhelp/store"
)

// changes are what the audit is told of other ways in.
type changes struct {
	Methods []change `json:"methods,omitempty"`
	store.Changes
}

// change is one to a way in.
type change struct {
	Did    string `json:"did"`
	Method string `json:"method"` // id
	Name   string `json:"name,omitempty"`
	store.Changes
}

// What is done to a way in.
const (
	added   = "added"
	changed = "changed"
	on      = "on"
	off     = "off"
	moved   = "moved"
	removed = "removed"
)

// openFields are those of a way in whose values anybody may know: choices from
// a list.
var openFields = []string{"accounts.take", "accounts.role", "away.who"}

// since tells what is otherwise than before: which ways in are new, turned on or
// off, moved or gone, and the names of what else changed; never a secret.
func (s Settings) since(was Settings) (c changes, err error) {
	for _, m := range s.Methods {
		before, err := was.Method(m.ID)
		if err != nil {
			c.Methods = append(c.Methods, change{Did: added, Method: m.ID, Name: m.Name})
			continue
		}
		of, err := m.since(before)
		if err != nil {
			return c, err
		}
		c.Methods = append(c.Methods, of...)
	}
	for _, m := range was.Methods {
		if _, err := s.Method(m.ID); err != nil {
			c.Methods = append(c.Methods, change{Did: removed, Method: m.ID, Name: m.Name})
		}
	}
	c.Methods = append(c.Methods, s.movedSince(was)...)
	s.Methods, was.Methods = nil, nil
	c.Changes, err = store.Differences(was, s, openFields...)
	return c, err
}

// since tells what is otherwise with a way in.
func (m Method) since(was Method) (list []change, err error) {
	if m.Off != was.Off {
		did := on
		if m.Off {
			did = off
		}
		list = append(list, change{Did: did, Method: m.ID, Name: m.Name})
	}
	m.Off = was.Off
	c, err := store.Differences(was, m, openFields...)
	if err == nil && !c.None() {
		list = append(list, change{changed, m.ID, m.Name, c})
	}
	return list, err
}

// movedSince names the ways in that are tried after another one than before: of
// two that changed places, the one that went up.
func (s Settings) movedSince(was Settings) (list []change) {
	place := func(in Settings, id string) int {
		return slices.IndexFunc(in.Methods, func(m Method) bool { return m.ID == id })
	}
	for i, m := range s.Methods {
		before := place(was, m.ID)
		overtook := slices.ContainsFunc(s.Methods[i+1:], func(o Method) bool { p := place(was, o.ID); return p >= 0 && p < before })
		if before >= 0 && overtook {
			list = append(list, change{Did: moved, Method: m.ID, Name: m.Name})
		}
	}
	return list
}
