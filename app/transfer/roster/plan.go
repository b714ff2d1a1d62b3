package roster

import (
	"maps"
	"slices"
	"strings"

	"selfhelp/app/access"
)

// Account is somebody's account, as far as a roster can change it.
type Account struct {
	ID                                                string // "" for one to be made
	Login, Title, FirstName, LastName, Mail, Language string
	Role                                              access.Role
	Everywhere, Active                                bool
	Attributes                                        map[string]string
	Domains                                           []string // ids
	Groups                                            []string // ids of those they are in by hand
	Told                                              bool     // they are in others by a rule or a directory
}

// World is what a plan is made against, as far as the one who brings the file
// may know and change it.
type World struct {
	Accounts  map[string]Account  // by the key of their login
	Foreign   map[string]bool     // keys of logins of accounts that are none of theirs
	Alike     map[string]bool     // keys of logins that nobody has and that look like somebody's
	Domains   map[string]string   // ids, by what they are called
	Groups    map[string][]string // ids, by what they are called; a name may be that of several
	Titles    map[string]bool     // of what they are called: it is a title of theirs
	Bare      map[string]bool     // likewise: it says no domain
	Counts    map[string][]string // the domains in which a group counts, by its id
	Roles     map[string]access.Role
	Languages []string
	Domain    string                                          // of new accounts whose line names none
	Password  func(password, login string) error              // what is wrong with one, in the field password
	Refuses   func(was, now Account, password bool) []Problem // what the one who brings the file may not do
	StaysTold func(was, now Account) bool                     // whether a rule or a directory still has one who was told of
}

// Called is a name as World finds it. One that only looks the same is not found: what
// is found brings people in.
func Called(name string) string { return strings.ToLower(strings.TrimSpace(name)) }

// Deed is what a line would do.
type Deed string

// The deeds.
const (
	Create Deed = "create"
	Update Deed = "update"
	Keep   Deed = "keep"
	Wrong  Deed = "wrong"
)

// Change is what a line would do.
type Change struct {
	Line     int
	Login    string
	Deed     Deed
	Was, Now Account
	Diffs    []Diff
	Problems []Problem
	Notes    []Note
	Password string `json:"-"` // to be given
}

// Diff is something of an account that would change.
type Diff struct {
	Field    Field
	Name     string // of an attribute
	Was, Now string // domains and groups as ids
}

// Problem is something wrong with a line.
type Problem struct {
	Field  Field  // that it is about; "" when it is about the whole line
	Column string // as the file calls it
	Key    string // of a sentence
	Args   []any
}

// seen are the lines that logins stood on.
type seen struct {
	keys  map[string]int // by the key of the login
	looks map[string]int // by what the login looks like, of those nobody has yet
}

// Note is something of a line that is as it may have been meant, or not.
type Note struct {
	Key   string // of a sentence
	Says  string // what the line has
	Group string // id of the one that it is taken for
}

// Plan says what each line would do.
func (s Sheet) Plan(w World) []Change {
	seen := seen{map[string]int{}, map[string]int{}}
	changes := make([]Change, 0, len(s.Lines))
	for _, line := range s.Lines {
		changes = append(changes, s.change(w, line, seen))
	}
	return changes
}

// Count returns how many lines would do something.
func Count(changes []Change, deed Deed) (n int) {
	for _, c := range changes {
		if c.Deed == deed {
			n++
		}
	}
	return n
}

// change plans a line.
func (s Sheet) change(w World, line Line, seen seen) Change {
	f := filling{world: w, Change: Change{Line: line.Number, Login: s.login(line)}}
	key, err := access.LoginKey(f.Login)
	look, was := access.GroupKey(f.Login), w.Accounts[key]
	isNew := was.ID == ""
	switch { // of whom a line is not about, nothing else is said
	case err != nil:
		f.wrong(Login, "fault.user.login")
	case seen.keys[key] > 0:
		f.wrong(Login, "fault.roster.repeated", seen.keys[key])
	case w.Foreign[key]:
		f.wrong(Login, "fault.user.taken")
	case w.Alike[key]:
		f.wrong(Login, "fault.user.alike")
	case isNew && seen.looks[look] > 0:
		f.wrong(Login, "fault.roster.alike", seen.looks[look])
	default:
		seen.keys[key] = line.Number
		if isNew {
			seen.looks[look] = line.Number
		}
		f.read(s.Columns, line, was)
	}
	if len(f.Problems) > 0 {
		f.Deed = Wrong
	}
	for i, p := range f.Problems {
		f.Problems[i].Column = s.HeadOf(p)
	}
	return f.Change
}

// login is whose line it is.
func (s Sheet) login(line Line) string {
	at := slices.IndexFunc(s.Columns, func(c Column) bool { return c.Field == Login })
	return plain(strings.TrimSpace(line.Cells[at]))
}

// Keys are those of the logins that the lines have.
func (s Sheet) Keys() (keys []string) {
	for _, line := range s.Lines {
		if key, err := access.LoginKey(s.login(line)); err == nil {
			keys = append(keys, key)
		}
	}
	return keys
}

// HeadOf is what the file calls the column that a problem is about.
func (s Sheet) HeadOf(p Problem) string {
	if p.Column != "" {
		return p.Column
	}
	for _, c := range s.Columns {
		if c.Field == p.Field && c.Field != Attribute {
			return c.Head
		}
	}
	return ""
}

// diffs are what would change of an account.
func diffs(was, now Account) (list []Diff) {
	add := func(field Field, name, a, b string) {
		if a != b {
			list = append(list, Diff{field, name, a, b})
		}
	}
	if was.ID == "" {
		was.Active = true // as every new account is, unless its line says otherwise
	}
	add(Title, "", was.Title, now.Title)
	add(FirstName, "", was.FirstName, now.FirstName)
	add(LastName, "", was.LastName, now.LastName)
	add(Mail, "", was.Mail, now.Mail)
	add(Language, "", was.Language, now.Language)
	add(Role, "", string(was.Role), string(now.Role))
	add(Active, "", yesNo(was.Active), yesNo(now.Active))
	add(Domains, "", was.domains(), now.domains())
	add(Groups, "", Join(sorted(was.Groups)), Join(sorted(now.Groups)))
	all := maps.Clone(now.Attributes)
	if all == nil {
		all = map[string]string{}
	}
	maps.Copy(all, was.Attributes)
	for _, name := range slices.Sorted(maps.Keys(all)) {
		add(Attribute, name, was.Attributes[name], now.Attributes[name])
	}
	return list
}

func (a Account) domains() string {
	list := sorted(a.Domains)
	if a.Everywhere {
		list = append([]string{Everywhere}, list...)
	}
	return Join(list)
}

func sorted(list []string) []string { return slices.Compact(slices.Sorted(slices.Values(list))) }

func yesNo(is bool) string {
	if is {
		return "yes"
	}
	return "no"
}
