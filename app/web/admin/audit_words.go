package admin

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"selfhelp/app/admission"
	"selfhelp/app/fault"
	"selfhelp/app/web/frame"
)

// namer finds how people call what the audit names by id, each once.
type namer struct {
	s     *Admin
	v     *frame.Visit
	known map[string]string // kind:id → name, "" when it is gone

	tokens map[string]string // id → name, once one was asked for
}

func (s *Admin) namer(v *frame.Visit) *namer { return &namer{s: s, v: v, known: map[string]string{}} }

// name is what the thing of a kind is called, "" when nobody knows any more.
func (n *namer) name(kind, id string) (string, error) {
	key := kind + ":" + id
	if name, known := n.known[key]; known {
		return name, nil
	}
	name, err := n.find(kind, id)
	if fault.Is(err, fault.NotFound) {
		name, err = "", nil
	}
	n.known[key] = name
	return name, err
}

func (n *namer) find(kind, id string) (string, error) {
	ctx := n.v.Context()
	switch kind {
	case "user":
		u, err := n.s.Content.User(ctx, id)
		return u.Known(), err
	case "group":
		g, err := n.s.Content.Group(ctx, id)
		return n.s.GroupTitle(n.v, g), err
	case "domain":
		d, err := n.s.Content.Domain(ctx, id)
		return n.s.TitleOfDomain(n.v, d), err
	case "project":
		p, err := n.s.Content.Project(ctx, id)
		if err != nil {
			return "", err
		}
		words, _ := p.Data.Name.Pick(n.s.Now(), append([]string{n.v.Words.Lang()}, p.Data.Languages...)...)
		return words, nil
	case "method":
		return n.method(id)
	case "token":
		return n.token(id)
	case "setting":
		if n.v.Words.Has("setting." + id) {
			return n.v.Words.T("setting." + id), nil
		}
	case "role":
		if n.v.Words.Has("role." + id) {
			return n.v.Words.T("role." + id), nil
		}
	}
	return "", nil
}

// method is what a way in is called.
func (n *namer) method(id string) (string, error) {
	if id == admission.InternalID {
		return n.v.Words.T("method.internal"), nil
	}
	settings, _, err := n.s.Desk.Settings(n.v.Context())
	if err != nil {
		return "", err
	}
	m, err := settings.Method(id)
	return m.Name, err
}

// token is what the owner of a token calls what comes with it.
func (n *namer) token(id string) (string, error) {
	if n.tokens == nil {
		all, err := n.s.Content.Tokens(n.v.Context())
		if err != nil {
			return "", err
		}
		n.tokens = map[string]string{}
		for _, k := range all {
			n.tokens[k.ID] = k.Name
		}
	}
	return n.tokens[id], nil
}

// kindsOf are what the ids are of that stand under a name in a detail.
var kindsOf = map[string]string{
	"user": "user", "users": "user", "group": "group", "groups": "group", "domain": "domain", "domains": "domain", "also": "domain", "project": "project", "role": "role", "method": "method", "without": "method", "owner": "user",
}

// tells are the names in a detail that say something to people; the others
// stand in what is shown on demand.
var tells = map[string]string{
	"user": "audit.of.user", "group": "audit.of.group", "groups": "audit.of.groups", "domain": "audit.of.domain", "domains": "audit.of.domains", "also": "audit.of.also",
	"project": "audit.of.project", "role": "audit.of.role", "owner": "audit.of.owner", "right": "audit.of.right", "active": "audit.of.active", "everywhere": "audit.of.everywhere", "name": "audit.of.name",
	"version": "audit.of.version", "alias": "audit.of.alias", "procedures": "audit.of.procedures", "filter": "audit.of.filter", "sessions": "audit.of.sessions",
	"executions": "audit.of.executions", "pseudonymised": "audit.of.pseudonymised", "abandoned": "audit.of.abandoned", "from": "audit.of.from", "path": "audit.of.path", "count": "audit.of.count", "searches": "audit.of.searches", "messages": "audit.of.messages", "imported": "audit.of.imported",
	"method": "audit.of.method", "address": "audit.of.address", "without": "audit.of.without", "created": "audit.of.created", "changed": "audit.of.changed", "suspended": "audit.of.suspended", "scopes": "audit.of.scopes",
	"fields": "audit.of.fields", "attributes": "audit.of.attributes", "values": "audit.of.values", "methods": "audit.of.methods",
}

// detail writes what an entry says besides as people read it: names for ids,
// words for what is known, the rest left for those who ask.
func (n *namer) detail(raw json.RawMessage) (string, error) {
	var value any
	if err := json.Unmarshal(raw, &value); err != nil {
		return string(raw), nil // as it is: it must be seen all the same
	}
	return n.words("", value)
}

func (n *namer) words(under string, value any) (string, error) {
	switch value := value.(type) {
	case nil:
		return "", nil
	case map[string]any:
		return n.part(under, value)
	case []any:
		if rights, is := n.rights(value); is {
			return rights, nil
		}
		var parts []string
		for _, item := range value {
			words, err := n.words(under, item)
			if err != nil {
				return "", err
			}
			parts = append(parts, words)
		}
		if under == "" {
			return strings.Join(parts, " ; "), nil
		}
		return strings.Join(parts, ", "), nil
	case bool:
		if value {
			return n.v.Words.T("yes"), nil
		}
		return n.v.Words.T("no"), nil
	case string:
		if kind := kindsOf[under]; kind != "" {
			name, err := n.name(kind, value)
			if name != "" || err != nil {
				return name, err
			}
		}
		if under == "right" && n.v.Words.Has("right."+value) {
			return n.v.Words.T("right." + value), nil
		}
		if under == "fields" {
			return n.field(value), nil
		}
		return n.choice(under, value), nil
	case float64:
		return n.v.Words.Number(int64(value)), nil
	}
	return fmt.Sprint(value), nil
}

// rights writes the rights that a project gives by who has them, and reports
// whether that is what a list holds.
func (n *namer) rights(list []any) (string, bool) {
	var people []string
	given := map[string][]string{}
	for _, item := range list {
		grant, _ := item.(map[string]any)
		right, _ := grant["Right"].(string)
		if right == "" {
			return "", false
		}
		who, _ := grant["Group"].(string) // by its name
		if id, _ := grant["User"].(string); id != "" {
			name, err := n.name("user", id)
			if err != nil {
				return "", false
			}
			who = cmp.Or(name, n.v.Words.T("audit.gone.user"))
		}
		if !slices.Contains(people, who) {
			people = append(people, who)
		}
		if n.v.Words.Has("right." + right) {
			right = n.v.Words.T("right." + right)
		}
		given[who] = append(given[who], right)
	}
	for i, who := range people {
		people[i] = n.v.Words.T("admin.chosen.why", who, strings.Join(given[who], ", "))
	}
	return strings.Join(people, " ; "), len(list) > 0
}

// object writes the parts of an object that say something; one whose names say
// nothing is a text in several languages, and is read in one.
func (n *namer) object(value map[string]any) (string, error) {
	if text, ok := value[n.v.Words.Lang()].(string); ok {
		return text, nil
	}
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(value)) {
		under := strings.ToLower(name)
		key, told := tells[under]
		if !told || value[name] == "" || value[name] == nil {
			continue
		}
		words, err := n.words(under, value[name])
		if err != nil {
			return "", err
		}
		if words != "" {
			parts = append(parts, n.v.Words.T(key, words))
		}
	}
	return strings.Join(parts, ", "), nil
}
