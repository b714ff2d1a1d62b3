package check

import (
	"maps"
	"slices"

	"selfhelp/app/formula"
	"selfhelp/app/procedure"
)

// like returns the name that was likely meant where one is unknown, "" where
// nothing is much like it.
func (c *checker) like(key string, args []any) string {
	if len(args) == 0 {
		return ""
	}
	word, _ := args[0].(string)
	return formula.Closest(word, c.namesFor(key, args))
}

// namesFor returns the names that could stand in the place of one that is
// unknown, in order.
func (c *checker) namesFor(key string, args []any) []string {
	switch key {
	case "check.unknown_step":
		if c.p != nil {
			return slices.Sorted(maps.Keys(c.steps))
		}
	case "check.unknown_variable":
		if c.p != nil {
			return slices.Sorted(maps.Keys(c.scope(c.p).types))
		}
	case "check.unknown_input":
		if c.p != nil {
			return slices.Sorted(maps.Keys(c.scope(c.p).inputs))
		}
	case "check.unknown_name":
		root, _ := args[1].(string)
		return procedure.RootNames[root]
	case "check.unknown_session":
		return slices.Sorted(maps.Keys(c.sessions))
	case "check.unknown_resource":
		return slices.Sorted(maps.Keys(c.resources))
	case "check.unknown_connector":
		return slices.Sorted(maps.Keys(c.connectors))
	case "check.unknown_category":
		return slices.Sorted(maps.Keys(c.categories))
	}
	return nil
}
