package scim

import (
	"slices"
	"strings"
)

// Group is a group with those of its members that SCIM told of, by id.
type Group struct {
	DisplayName string
	Members     []string
}

// ReadGroup reads the body of a POST or PUT.
func ReadGroup(body []byte) (Group, error) {
	var g Group
	object, err := readObject(body)
	if err != nil {
		return g, err
	}
	if g.DisplayName, err = text("displayName", under(object, "displayName")); err != nil {
		return g, err
	}
	if g.DisplayName == "" {
		return g, wrong(InvalidValue, "displayName is missing")
	}
	g.Members, err = members(under(object, "members"))
	return g, err
}

// members reads a list of members, or one; each once.
func members(value any) (ids []string, err error) {
	var list []any
	switch value := value.(type) {
	case nil:
	case []any:
		list = value
	default:
		list = []any{value}
	}
	if len(list) > MaxMembers {
		return nil, wrong(TooMany, "more than %d members are named", MaxMembers)
	}
	seen := map[string]bool{}
	for _, one := range list {
		object, is := one.(map[string]any)
		id, isText := under(object, "value").(string)
		if !is || !isText || id == "" || len(id) > maxText {
			return nil, wrong(InvalidValue, "a member is an object with its id as value")
		}
		if !seen[id] {
			seen[id] = true
			ids = append(ids, id)
		}
	}
	return ids, nil
}

// CountMembers refuses a PATCH that names too many members altogether.
func CountMembers(operations []Operation) error {
	n := 0
	for _, o := range operations {
		value := o.Value
		if object, is := value.(map[string]any); is && o.Path == "" {
			value = under(object, "members")
		}
		if list, is := value.([]any); is {
			n += len(list)
		}
	}
	if n > MaxMembers {
		return wrong(TooMany, "more than %d members are named", MaxMembers)
	}
	return nil
}

// Patch returns the group as the operations leave it.
func (g Group) Patch(operations []Operation) (Group, error) {
	g.Members = slices.Clone(g.Members)
	for _, o := range operations {
		if err := g.apply(o); err != nil {
			return g, err
		}
	}
	return g, nil
}

func (g *Group) apply(o Operation) error {
	if o.Path == "" {
		object, is := o.Value.(map[string]any)
		if !is {
			return wrong(InvalidValue, "without a path the value is an object")
		}
		for name, value := range object {
			if err := g.set(o.Op, target{name: strings.ToLower(name)}, value); err != nil {
				return err
			}
		}
		return nil
	}
	at, err := parsePath(o.Path)
	if err != nil {
		return err
	}
	return g.set(o.Op, at, o.Value)
}

func (g *Group) set(op string, at target, value any) error {
	switch at.name {
	case "displayname":
		if op == "remove" {
			return wrong(Mutability, "displayName cannot be removed")
		}
		return put(&g.DisplayName, "displayName", value)
	case "members":
		return g.setMembers(op, at, value)
	}
	return nil // what is not known is ignored
}

func (g *Group) setMembers(op string, at target, value any) error {
	if at.filter != nil {
		if at.filter.name != "value" || op != "remove" {
			return wrong(InvalidFilter, "members are chosen by their value, to be removed")
		}
		value = map[string]any{"value": at.filter.value}
	}
	ids, err := members(value)
	switch {
	case err != nil:
		return err
	case op == "replace" || op == "remove" && value == nil:
		g.Members = ids
	case op == "remove":
		g.Members = without(g.Members, ids)
	default:
		g.Members = append(without(g.Members, ids), ids...)
	}
	return nil
}

func without(all, gone []string) []string {
	out := make(map[string]bool, len(gone))
	for _, id := range gone {
		out[id] = true
	}
	return slices.DeleteFunc(all, func(id string) bool { return out[id] })
}

// Body writes the group as SCIM has it.
func (g Group) Body() map[string]any {
	list := make([]any, len(g.Members))
	for i, id := range g.Members {
		list[i] = map[string]any{"value": id, "type": "User"}
	}
	return map[string]any{"schemas": []string{GroupSchema}, "displayName": g.DisplayName, "members": list}
}
