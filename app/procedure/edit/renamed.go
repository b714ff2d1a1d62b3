package edit

import (
	"maps"
	"strings"

	"selfhelp/app/procedure"
)

// renamed returns the posted fields under the names that entries have now. A
// form that stays in the page while it is saved goes on naming an entry as it
// was called before its name was changed in that very form.
func renamed(known map[string]procedure.Described, posted map[string][]string) map[string][]string {
	moved := map[string]string{} // path of an entry as the form has it → as it is now
	for field, values := range posted {
		path, isProperty := strings.CutPrefix(field, Property)
		dot := strings.LastIndexByte(path, '.')
		if _, there := known[path]; !isProperty || there || dot < 0 || len(values) == 0 || !tells(path[dot+1:]) {
			continue
		}
		old := path[:dot]
		now := old[:strings.LastIndexByte(old, '.')+1] + strings.TrimSpace(values[0])
		if _, there := known[now+path[dot:]]; there {
			moved[old] = now
		}
	}
	if len(moved) == 0 {
		return posted
	}
	under := maps.Clone(posted)
	for old, now := range moved {
		edge, nowEdge := Edge+strings.Replace(old, "outcomes.", "outcome.", 1), Edge+strings.Replace(now, "outcomes.", "outcome.", 1)
		for field, values := range posted {
			kind, path := field[:min(2, len(field))], field[min(2, len(field)):]
			rest, of := strings.CutPrefix(path, old+".")
			name := kind + now + "." + rest
			if field == edge {
				name, of = nowEdge, true
			}
			if _, twice := posted[name]; of && !twice {
				delete(under, field)
				under[name] = values
			}
		}
	}
	return under
}

// tells reports whether a property is what tells an entry from the others of
// its list, where they have no id.
func tells(property string) bool { return property == "name" || property == "outcome" }
