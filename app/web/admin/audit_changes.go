package admin

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// part writes a part of a detail: what a value was and is, values by their
// fields, what was done to a way in, or an object.
func (n *namer) part(under string, value map[string]any) (string, error) {
	_, is := value["was"]
	now, changed := value["now"]
	did, acted := value["did"].(string)
	switch {
	case is && changed && len(value) == 2:
		return n.change(under, value["was"], now)
	case under == "values":
		return n.values(value)
	case acted:
		return n.act(did, value)
	}
	return n.object(value)
}

// change writes what a value was and is. What was never said is as what is not
// so, or none.
func (n *namer) change(under string, was, now any) (string, error) {
	_, yes := cmp.Or(was, now).(bool)
	words := func(value any) (string, error) {
		switch {
		case value == nil && yes:
			value = false
		case value == nil || value == "":
			return n.v.Words.T("audit.unsaid"), nil
		}
		return n.words(under, value)
	}
	before, err := words(was)
	if err != nil {
		return "", err
	}
	after, err := words(now)
	return before + " → " + after, err
}

// values writes what the values of fields were and are.
func (n *namer) values(all map[string]any) (string, error) {
	var parts []string
	for _, field := range slices.Sorted(maps.Keys(all)) {
		words, err := n.words(field, all[field])
		if err != nil {
			return "", err
		}
		parts = append(parts, n.v.Words.T("audit.value", n.field(field), words))
	}
	return strings.Join(parts, ", "), nil
}

// act writes what was done to a way in.
func (n *namer) act(did string, value map[string]any) (string, error) {
	id, _ := value["method"].(string)
	name, err := n.name("method", id)
	if err != nil {
		return "", err
	}
	if kept, _ := value["name"].(string); name == "" {
		name = kept // it is gone
	}
	words := n.v.Words.T("audit.did."+did, name)
	more, err := n.object(map[string]any{"fields": value["fields"], "values": value["values"]})
	if err == nil && more != "" {
		words = n.v.Words.T("admin.chosen.why", words, more)
	}
	return words, err
}

// field is what a field is called on the form that has it, as it is kept where
// no form has it.
func (n *namer) field(name string) string {
	last := name[strings.LastIndexByte(name, '.')+1:]
	for _, key := range []string{"audit.field." + name, "field." + name, "method.field." + last, "admin." + name, "admin.settings." + name, "admin.passwords." + last, "mail.field." + name} {
		if n.v.Words.Has(key) {
			return n.v.Words.T(key)
		}
	}
	return name
}

// choice is what a value is called in the list that it was chosen from.
func (n *namer) choice(under, value string) string {
	_, last, _ := strings.Cut(under, ".")
	for _, key := range []string{"admin." + last + "." + value, "admin." + under + "." + value, "role." + value} {
		if under != last && last != "" && n.v.Words.Has(key) {
			return n.v.Words.T(key)
		}
	}
	return value
}
