package admin

import (
	"maps"
	"slices"
	"strings"

	"selfhelp/app/access"
	"selfhelp/app/web/frame"
	"selfhelp/store"
	"selfhelp/views"
)

// usualAttributes are those by which groups are usually made.
var usualAttributes = []string{"entity", "location", "skill"}

// attributeNames are those that forms offer: the usual ones, and those in use
// among the accounts that the person may know of.
func (s *Admin) attributeNames(v *frame.Visit) ([]string, error) {
	names, err := s.Content.AttributeNames(v.Context(), Among(v))
	names = append(names, usualAttributes...)
	slices.Sort(names)
	return slices.Compact(names), err
}

// readAttributes reads how somebody is addressed and what their account says of
// them over an account. A page made before it had these fields changes none.
func readAttributes(v *frame.Visit, u store.User) userForm {
	if v.PostForm.Has("title") {
		u.Title = strings.TrimSpace(v.PostFormValue("title"))
	}
	f := userForm{user: u}
	names, values := v.PostForm["attribute"], v.PostForm["attribute_value"]
	if len(names) == 0 || len(names) != len(values) {
		return f
	}
	f.user.Attributes = map[string]string{}
	for i, name := range names {
		row := views.AttributeRow{Name: strings.ToLower(strings.TrimSpace(name)), Value: strings.TrimSpace(values[i])}
		if row.Name+row.Value == "" {
			continue
		}
		f.typed = append(f.typed, row)
		if row.Value != "" {
			f.user.Attributes[row.Name] = row.Value
		}
	}
	return f
}

// checkAttributes says what of the title and the attributes cannot be. What a
// method of signing in told before may be longer than what people write.
func checkAttributes(before store.User, f *userForm, wrong map[string]string) {
	if key := access.WrongTitle(f.user.Title); key != "" && f.user.Title != before.Title {
		wrong["title"] = key
	}
	seen := map[string]bool{}
	for i, row := range f.typed {
		switch kept, had := before.Attributes[row.Name]; {
		case access.WrongAttribute(row.Name) != "":
			wrong[views.AttributeField(i)] = access.WrongAttribute(row.Name)
		case seen[row.Name]:
			wrong[views.AttributeField(i)] = "fault.attribute.twice"
		case had && kept == row.Value:
		case access.WrongValue(row.Value) != "":
			wrong[views.AttributeField(i)] = access.WrongValue(row.Value)
		}
		seen[row.Name] = true
	}
	if len(f.user.Attributes) > max(access.MostAttributes, len(before.Attributes)) {
		wrong["attributes"] = "fault.attribute.many"
	}
}

// checkRules refuses what a rule would make of an account, when that puts it in
// a group of domains that the person does not administer: they could go there
// themselves that way.
func (s *Admin) checkRules(v *frame.Visit, before, after store.User, wrong map[string]string) error {
	if v.RulesServer() {
		return nil
	}
	groups, err := s.Content.RuledGroups(v.Context())
	if slices.ContainsFunc(groups, func(g store.Group) bool { return EntersWider(v, g, before, after) }) {
		wrong["attributes"] = "fault.user.ruled"
	}
	return err
}

// EntersWider reports whether an account enters, by the rule of a group, domains
// that the person does not administer.
func EntersWider(v *frame.Visit, g store.Group, before, after store.User) bool {
	return !AdministersAll(v, g) && g.Rule.Holds(after.Compared()) && (before.ID == "" || !g.Rule.Holds(before.Compared()))
}

// attributeRows are the rows of a form: those typed, or those of the account.
func attributeRows(f userForm) []views.AttributeRow {
	if f.typed != nil {
		return f.typed
	}
	var rows []views.AttributeRow
	for _, name := range slices.Sorted(maps.Keys(f.user.Attributes)) {
		rows = append(rows, views.AttributeRow{Name: name, Value: f.user.Attributes[name]})
	}
	return rows
}

// attributeDifferences are what someone else keeps otherwise.
func attributeDifferences(mine, theirs map[string]string) (list []views.Difference) {
	all := maps.Clone(theirs)
	if all == nil {
		all = map[string]string{}
	}
	maps.Copy(all, mine)
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if mine[name] != theirs[name] {
			list = append(list, views.Difference{Name: name, Theirs: theirs[name]})
		}
	}
	return list
}

// IsToldIn reports whether somebody is in a group that a rule or a method of
// signing in tells.
func IsToldIn(m store.Memberships) bool { return len(m.Groups) > len(m.ByHandOnly()) }

// StaysTold reports whether a rule or a method of signing in tells of a group for an
// account as a change leaves it.
func StaysTold(m store.Memberships, ruled []store.Group, after store.User) bool {
	for _, from := range m.From {
		if slices.ContainsFunc(from, func(source string) bool { return source != store.ByHand && source != store.ByRule }) {
			return true
		}
	}
	have := after.Compared()
	return slices.ContainsFunc(ruled, func(g store.Group) bool { return g.Rule.Holds(have) })
}

// groupTick is a group to put an account in, with why it is in besides.
func (s *Admin) groupTick(v *frame.Visit, g store.Group, on bool, ways map[string]string) views.GroupTick {
	return views.GroupTick{Option: views.Option{Value: g.ID, Name: s.GroupTitle(v, g)}, On: on, Told: told(v, v.Managed.Belongs.From[g.ID], ways)}
}

// told are the reasons for a membership beside somebody's hand, in words: ways are
// the names of the ways in.
func told(v *frame.Visit, from []string, ways map[string]string) (reasons []string) {
	for _, source := range from {
		switch source {
		case store.ByHand:
		case store.ByRule:
			reasons = append(reasons, v.Words.T("admin.member.by_rule"))
		default:
			if ways[source] == "" {
				reasons = append(reasons, v.Words.T("admin.member.from.gone"))
			} else {
				reasons = append(reasons, v.Words.T("admin.member.from", ways[source]))
			}
		}
	}
	return reasons
}
