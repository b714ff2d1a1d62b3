package ldap

import (
	"fmt"
	"slices"
	"strings"

	"github.com/go-ldap/ldap/v3"
)

// How far groups are followed. A person is in some hundred groups at most, a few
// levels deep; more is a loop or a mistake, and what was found until then counts.
const (
	maxGroups = 2000
	maxDepth  = 10
)

// groups returns the names of the groups a person is in, and of those that those
// are in.
func (l *link) groups(p person) ([]string, error) {
	if l.server.GroupBase == "" {
		return nil, nil
	}
	var names []string
	seen, level := map[string]bool{canonical(p.dn): true}, []string{l.server.memberOf(p)}
	for depth := 0; depth < maxDepth && len(level) > 0; depth++ {
		var next []string
		for _, member := range level {
			found, err := l.groupsOf(member)
			if err != nil {
				return nil, err
			}
			for _, g := range found {
				key := canonical(g.DN)
				if seen[key] || len(seen) > maxGroups {
					continue
				}
				seen[key] = true
				next = append(next, g.DN)
				names = append(names, g.GetAttributeValue(l.server.GroupName))
			}
		}
		level = next
	}
	return sortedNames(names), nil
}

// memberOf is what a group says of a person who is in it.
func (s Server) memberOf(p person) string {
	if s.namesLogins() {
		return p.Login
	}
	return p.dn
}

func (l *link) groupsOf(member string) ([]*ldap.Entry, error) {
	filter := fmt.Sprintf("(&%s(%s=%s))", l.server.GroupFilter, l.server.Member, ldap.EscapeFilter(member))
	found, err := l.search(l.server.GroupBase, filter, []string{l.server.GroupName}, maxGroups)
	if err != nil && !ldap.IsErrorWithCode(err, ldap.LDAPResultSizeLimitExceeded) {
		return nil, failed(err)
	}
	return found, nil
}

// sortedNames are names in order, each once, without empty ones and those that are
// no text.
func sortedNames(names []string) []string {
	names = slices.DeleteFunc(names, func(name string) bool { return !isKept(name) })
	slices.Sort(names)
	names = slices.Compact(names)
	if len(names) > 0 && names[0] == "" {
		names = names[1:]
	}
	return names
}

// canonical is one form of a distinguished name, whose letters count in neither
// case (RFC 4514; a directory writes one name in one way but for that).
func canonical(dn string) string { return strings.ToLower(dn) }

// grouping is all groups of a directory, by what they say of their members.
type grouping struct {
	server Server
	of     map[string][]string // member, canonical → canonical names of the groups it is directly in
	name   map[string]string   // canonical name of a group → how it is called
}

// allGroups reads every group with its members.
func (l *link) allGroups() (grouping, error) {
	g := grouping{l.server, map[string][]string{}, map[string]string{}}
	if l.server.GroupBase == "" {
		return g, nil
	}
	err := l.pages(l.server.GroupBase, l.server.GroupFilter, []string{l.server.GroupName, l.server.Member}, func(entry *ldap.Entry) error {
		key := canonical(entry.DN)
		g.name[key] = entry.GetAttributeValue(l.server.GroupName)
		members, err := l.members(entry)
		for _, m := range members {
			g.of[canonical(m)] = append(g.of[canonical(m)], key)
		}
		return err
	})
	return g, err
}

// members are those of a group. Active Directory gives long lists in parts:
// "member;range=0-1499", until a part ends with "-*".
func (l *link) members(entry *ldap.Entry) ([]string, error) {
	members := entry.GetAttributeValues(l.server.Member)
	for part := rangeOf(entry, l.server.Member); part != nil; {
		members = append(members, part.Values...)
		if strings.HasSuffix(part.Name, "-*") || len(part.Values) == 0 {
			break
		}
		more := fmt.Sprintf("%s;range=%d-*", l.server.Member, len(members))
		res, err := l.Search(ldap.NewSearchRequest(entry.DN, ldap.ScopeBaseObject, ldap.NeverDerefAliases, 1, 0, false, "(objectClass=*)", []string{more}, nil))
		if err != nil || len(res.Entries) == 0 {
			return members, failed(err)
		}
		part = rangeOf(res.Entries[0], l.server.Member)
	}
	return members, nil
}

func rangeOf(entry *ldap.Entry, attribute string) *ldap.EntryAttribute {
	for _, a := range entry.Attributes {
		if len(a.Name) > len(attribute) && strings.EqualFold(a.Name[:len(attribute)], attribute) && strings.HasPrefix(a.Name[len(attribute):], ";range=") {
			return a
		}
	}
	return nil
}

// names returns the names of all groups that a person is in.
func (g grouping) names(p person) []string {
	var names []string
	seen, level := map[string]bool{}, []string{canonical(g.server.memberOf(p))}
	for depth := 0; depth < maxDepth && len(level) > 0; depth++ {
		var next []string
		for _, member := range level {
			for _, group := range g.of[member] {
				if !seen[group] {
					seen[group] = true
					next, names = append(next, group), append(names, g.name[group])
				}
			}
		}
		level = next
	}
	return sortedNames(names)
}
