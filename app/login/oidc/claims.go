package oidc

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"selfhelp/app/login"
)

// What is kept of claims.
const (
	maxValue  = 1000 // bytes of one
	maxGroups = 2000
)

// claims are what a provider tells of somebody.
type claims struct {
	subject string
	all     map[string]any
}

// value finds a claim by its name or, where there is none, by its path.
func (c *claims) value(name string) any {
	if value, found := c.all[name]; found {
		return value
	}
	within := c.all
	for {
		first, rest, more := strings.Cut(name, ".")
		if !more {
			return within[first]
		}
		next, ok := within[first].(map[string]any)
		if !ok {
			return nil
		}
		within, name = next, rest
	}
}

// text is a claim as a text: the first of several values, "" where it is none.
func (c *claims) text(name string) string {
	if name == "" {
		return ""
	}
	all := texts(c.value(name))
	if len(all) == 0 {
		return ""
	}
	return all[0]
}

// texts are the values of a claim that can be kept.
func texts(value any) []string {
	switch v := value.(type) {
	case string:
		if v != "" && len(v) <= maxValue && utf8.ValidString(v) {
			return []string{v}
		}
	case bool:
		return []string{fmt.Sprint(v)}
	case float64:
		text, err := json.Marshal(v)
		if err == nil {
			return []string{string(text)}
		}
	case []any:
		var all []string
		for _, one := range v {
			if _, nested := one.([]any); !nested {
				all = append(all, texts(one)...)
			}
		}
		return all
	}
	return nil
}

// lacks reports whether something that is wanted was not told.
func (c *claims) lacks(p Provider) bool {
	wanted := append(slices.Collect(maps.Values(p.Names)), p.Login)
	if p.Groups != "" {
		wanted = append(wanted, p.Groups)
	}
	return slices.ContainsFunc(wanted, func(name string) bool { return c.value(name) == nil })
}

// add takes what was not told before.
func (c *claims) add(more claims) {
	for name, value := range more.all {
		if _, found := c.all[name]; !found {
			c.all[name] = value
		}
	}
}

// names lists the claims, for a trace.
func (c *claims) names() string {
	return printable(strings.Join(slices.Sorted(maps.Keys(c.all)), ", "))
}

// identity reads who somebody is. An address that the provider itself has not
// verified (Core, section 5.1) may be anybody's and is not read: where it says
// anything of that at all, it must say yes, as a truth or, as some do, as a text.
func (p Provider) identity(c *claims) (login.Identity, error) {
	if said, found := c.all["email_verified"]; found && said != true && said != "true" {
		delete(c.all, "email")
	}
	who := login.Identity{Subject: c.subject, Login: c.text(p.Login), Fields: map[string]string{}}
	if at, ok := c.all["auth_time"].(float64); ok && at > 0 && at < 1<<40 { // Core, section 2
		who.Proved = time.Unix(int64(at), 0)
	}
	if who.Login == "" {
		return login.Identity{}, refused(fmt.Errorf("the provider does not tell %s, which holds the login", p.Login))
	}
	for field, claim := range p.Names {
		if value := c.text(claim); value != "" {
			who.Fields[field] = value
		}
	}
	if p.Groups != "" {
		groups := texts(c.value(p.Groups))
		slices.Sort(groups)
		who.Groups = slices.Compact(groups)
		who.Groups = who.Groups[:min(len(who.Groups), maxGroups)]
	}
	return who, nil
}
