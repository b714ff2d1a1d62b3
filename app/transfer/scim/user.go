package scim

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// User is an account, as far as one here has what SCIM knows.
type User struct {
	UserName, ExternalID        string
	Given, Family, Prefix       string
	Display                     string // for who has neither a given nor a family name
	Mail, Language              string
	Department, Location, Title string
	Active                      bool
}

// ReadUser reads the body of a POST or PUT. What it leaves out is as not there,
// but that an account is active; what is not known is ignored.
func ReadUser(body []byte) (User, error) {
	u := User{Active: true}
	object, err := readObject(body)
	if err == nil {
		err = u.merge(object)
	}
	if err == nil && u.UserName == "" {
		err = wrong(InvalidValue, "userName is missing")
	}
	return u, err
}

// merge writes the attributes of an object into the account. Their order is
// that of their names, so that preferredLanguage goes over locale and the parts
// of a name over its display.
func (u *User) merge(object map[string]any) error {
	for _, name := range slices.SortedFunc(maps.Keys(object), func(a, b string) int {
		return cmp.Or(strings.Compare(strings.ToLower(a), strings.ToLower(b)), strings.Compare(a, b))
	}) {
		value := object[name]
		if strings.EqualFold(name, "schemas") || strings.EqualFold(name, "meta") || strings.EqualFold(name, "id") {
			continue
		}
		if part, is := value.(map[string]any); is && (strings.EqualFold(name, UserSchema) || strings.EqualFold(name, EnterpriseSchema)) {
			prefix := name + ":"
			for _, inner := range slices.Sorted(maps.Keys(part)) {
				if err := u.set(target{schema: strings.ToLower(strings.TrimSuffix(prefix, ":")), name: strings.ToLower(inner)}, part[inner]); err != nil {
					return err
				}
			}
			continue
		}
		at, err := parsePath(name)
		if err != nil {
			continue // a name that is no path is that of nothing known
		}
		if err := u.set(at, value); err != nil {
			return err
		}
	}
	return nil
}

// set gives one attribute a value; none empties it.
func (u *User) set(at target, value any) error {
	if strings.EqualFold(at.schema, EnterpriseSchema) {
		if at.name == "department" {
			return put(&u.Department, "department", value)
		}
		return nil
	}
	if at.schema != "" && !strings.EqualFold(at.schema, UserSchema) {
		return nil
	}
	switch at.name {
	case "name":
		return u.setName(at.sub, value)
	case "emails":
		return u.setAmong(at, "value", &u.Mail, value)
	case "addresses":
		return u.setAmong(at, "locality", &u.Location, value)
	case "active":
		if value == nil {
			return nil
		}
		active, err := truth("active", value)
		if err == nil {
			u.Active = active
		}
		return err
	case "preferredlanguage", "locale":
		if value == nil && at.name == "locale" {
			return nil
		}
		return put(&u.Language, at.name, value)
	}
	if into := map[string]*string{"username": &u.UserName, "externalid": &u.ExternalID, "displayname": &u.Display, "title": &u.Title}[at.name]; into != nil {
		return put(into, at.name, value)
	}
	return nil
}

func put(into *string, name string, value any) error {
	read, err := text(name, value)
	if err == nil {
		*into = read
	}
	return err
}

// setName gives a part of a name a value, or all its parts.
func (u *User) setName(sub string, value any) error {
	parts := map[string]*string{"givenname": &u.Given, "familyname": &u.Family, "honorificprefix": &u.Prefix, "formatted": &u.Display}
	if sub != "" {
		if into := parts[sub]; into != nil {
			return put(into, "name."+sub, value)
		}
		return nil
	}
	switch value := value.(type) {
	case nil:
		u.Given, u.Family, u.Prefix = "", "", ""
		return nil
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(value)) {
			if err := u.setName(strings.ToLower(name), value[name]); err != nil {
				return err
			}
		}
		return nil
	}
	return wrong(InvalidValue, "name is not an object")
}

// setAmong gives a value to the one of several that is kept here: that for work.
func (u *User) setAmong(at target, sub string, into *string, value any) error {
	switch {
	case at.filter != nil && !at.filter.isOurs(*into):
		return nil
	case at.sub != "" && at.sub != sub:
		return nil
	}
	switch given := value.(type) {
	case []any:
		value = best(given, sub)
	case map[string]any:
		value = under(given, sub)
		if value == nil && len(given) > 0 {
			return nil // only its type, or what is not kept
		}
	}
	return put(into, at.name+"."+sub, value)
}

// best is the value, among several, that is the primary one, else that for
// work, else the first.
func best(all []any, sub string) (value any) {
	rank := 0
	for _, one := range all {
		object, is := one.(map[string]any)
		if !is || under(object, sub) == nil {
			continue
		}
		here := 1
		if kind, _ := under(object, "type").(string); strings.EqualFold(kind, "work") {
			here = 2
		}
		if primary, err := truth("primary", under(object, "primary")); err == nil && primary {
			here = 3
		}
		if here > rank {
			rank, value = here, under(object, sub)
		}
	}
	return value
}

// Body writes the account as SCIM has it.
func (u User) Body() map[string]any {
	body := map[string]any{"schemas": []string{UserSchema, EnterpriseSchema}, "userName": u.UserName, "active": u.Active}
	add := func(into map[string]any, name, value string) {
		if value != "" {
			into[name] = value
		}
	}
	name, enterprise := map[string]any{}, map[string]any{}
	add(name, "givenName", u.Given)
	add(name, "familyName", u.Family)
	add(name, "honorificPrefix", u.Prefix)
	add(name, "formatted", u.Display)
	add(enterprise, "department", u.Department)
	add(body, "externalId", u.ExternalID)
	add(body, "displayName", u.Display)
	add(body, "preferredLanguage", u.Language)
	add(body, "title", u.Title)
	if len(name) > 0 {
		body["name"] = name
	}
	if len(enterprise) > 0 {
		body[EnterpriseSchema] = enterprise
	}
	if u.Mail != "" {
		body["emails"] = []any{map[string]any{"value": u.Mail, "type": "work", "primary": true}}
	}
	if u.Location != "" {
		body["addresses"] = []any{map[string]any{"locality": u.Location, "type": "work", "primary": true}}
	}
	return body
}
