package admission

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"selfhelp/app/access"
	"selfhelp/app/fault"
	"selfhelp/app/login"
	"selfhelp/store"
	"selfhelp/store/people"
	"selfhelp/views/ui"
)

// Arrive returns the account of somebody whom a method proved, made or brought
// up to date as the method's settings say. One that may not come in is refused.
func (d *Desk) Arrive(ctx context.Context, m Method, who login.Identity) (store.User, error) {
	return d.arrive(ctx, m, who, "")
}

// ArriveElsewhere does what Arrive does for somebody who came to a presentation server,
// where their account was made with an id if it was new. A method that is gone, or off,
// makes nobody.
func (d *Desk) ArriveElsewhere(ctx context.Context, method string, who login.Identity, id string) error {
	s, _, err := d.Settings(ctx)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(s.Methods, func(m Method) bool { return m.ID == method && !m.Off })
	if at < 0 {
		return fault.New(fault.NotFound, "fault.not_found")
	}
	_, err = d.arrive(ctx, s.Methods[at], who, id)
	return err
}

// TellArrivals keeps of each who comes, and of whom something new is told, that the
// edition server is to know it.
func (d *Desk) TellArrivals() { d.tells = true }

func (d *Desk) arrive(ctx context.Context, m Method, who login.Identity, id string) (store.User, error) {
	one := m.arrival(who)
	one.ID = id
	done, err := d.content.Arrive(ctx, []people.Arrival{one}, Actor)
	if err != nil {
		return store.User{}, err
	}
	if err := done[0].Err; err != nil {
		return store.User{}, err
	}
	if d.tells && done[0].Changed() {
		if err := d.content.NoteArrival(ctx, done[0].User.ID, m.ID, who); err != nil {
			return store.User{}, err
		}
	}
	if u := done[0].User; !u.Active {
		return u, ErrWrong
	}
	return done[0].User, nil
}

// arrival is what a method tells of somebody, in the words of accounts.
func (m Method) arrival(who login.Identity) people.Arrival {
	a := people.Arrival{
		Beside: m.beside,
		Method: m.ID, Subject: who.Subject, Create: m.Accounts.Create, Take: m.Accounts.Take, Domains: m.Accounts.Domains,
		Account: func(u store.User) store.User { return m.told(u, who) },
	}
	for _, g := range m.Accounts.Groups {
		if isIn(who, g.Theirs) && !slices.Contains(a.Groups, g.Group) {
			a.Groups = append(a.Groups, g.Group)
		}
	}
	return a
}

// keepers are the methods by which nobody comes in: programs that keep accounts
// for those who come by another one.
func (s Settings) keepers() (ids []string) {
	for _, m := range s.On(SCIM) {
		ids = append(ids, m.ID)
	}
	return ids
}

// rehearse returns what would become of the account of somebody, and does nothing.
func (d *Desk) rehearse(ctx context.Context, m Method, who login.Identity) (people.Arrived, error) {
	done, err := d.content.Rehearse(ctx, []people.Arrival{m.arrival(who)})
	if err != nil {
		return people.Arrived{}, err
	}
	return done[0], nil
}

// isIn reports whether somebody is in a group of theirs. Directories do not tell
// names apart by the case of letters. A name that only looks the same is another one:
// whoever may make groups there would give themselves the rights of this one.
func isIn(who login.Identity, theirs string) bool {
	return slices.ContainsFunc(who.Groups, func(g string) bool { return strings.EqualFold(g, theirs) })
}

// told writes what a method tells of somebody into their account. What the
// method is not told to read stays, and so does an account that can do more than
// a product may vouch for: a mail address that it put there would receive the
// link by which a password is chosen.
func (m Method) told(u store.User, who login.Identity) store.User {
	isNew := u.ID == ""
	if isNew {
		u.Login, u.Active, u.Role = strings.TrimSpace(who.Login), true, m.Accounts.newRole()
	} else if m.Kind == Trusted && (u.Password != "" || u.Role != access.User) {
		return u
	}
	if len(m.Accounts.Roles) > 0 && !u.Everywhere {
		u.Role = m.roleOf(who)
	}
	attributes := map[string]string{}
	for name, value := range u.Attributes {
		attributes[name] = value
	}
	for field, value := range who.Fields {
		tell(&u, attributes, field, cut(value))
	}
	u.Attributes = attributes
	return u
}

// roleOf is the widest role that a group of somebody's gives.
func (m Method) roleOf(who login.Identity) access.Role {
	for _, role := range access.Roles() {
		if slices.ContainsFunc(m.Accounts.Roles, func(r RoleOf) bool { return r.Role == role && isIn(who, r.Theirs) }) {
			return role
		}
	}
	return m.Accounts.newRole()
}

// tell writes one field. One that an account cannot have is left out: whoever
// has an odd address still comes in.
func tell(u *store.User, attributes map[string]string, field, value string) {
	before := *u
	switch field {
	case login.FieldTitle:
		u.Title = value
	case login.FieldFirstName:
		u.FirstName = value
	case login.FieldLastName:
		u.LastName = value
	case login.FieldName:
		if u.FirstName == "" || u.LastName == "" {
			u.FirstName, u.LastName = splitName(value)
		}
	case login.FieldMail:
		u.Mail = value
	case login.FieldLanguage:
		u.Language = languageOf(value, u.Language)
	default:
		if access.WrongAttribute(field) != "" {
			return
		}
		if attributes[field] = value; value == "" {
			delete(attributes, field)
		}
	}
	if len(u.Wrong()) > len(before.Wrong()) {
		*u = before
	}
}

// splitName takes the first word for the first name.
func splitName(name string) (first, last string) {
	first, last, _ = strings.Cut(strings.TrimSpace(name), " ")
	if last == "" {
		return "", first
	}
	return first, last
}

// languageOf reads a language tag (RFC 5646) as one of ours; another keeps what
// was.
func languageOf(tag, was string) string {
	base, _, _ := strings.Cut(strings.ToLower(strings.ReplaceAll(tag, "_", "-")), "-")
	if ui.Speaks(base) {
		return base
	}
	return was
}

// mostTold is how much of a value is kept.
const mostTold = 500 // bytes

func cut(value string) string {
	value = strings.TrimSpace(strings.ToValidUTF8(value, ""))
	if len(value) <= mostTold {
		return value
	}
	value = value[:mostTold]
	for !utf8.ValidString(value) {
		value = value[:len(value)-1]
	}
	return value
}
