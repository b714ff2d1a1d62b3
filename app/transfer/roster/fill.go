package roster

import (
	"maps"
	"slices"
	"strings"

	"selfhelp/app/access"
	"selfhelp/app/fault"
)

// filling is a line while its cells are read over the account that is there.
type filling struct {
	Change
	world World
	bare  []Note // groups that it enters without saying of which domain
}

func (f *filling) wrong(field Field, key string, args ...any) {
	f.Problems = append(f.Problems, Problem{Field: field, Key: key, Args: args})
}

// read reads a line over the account that is there.
func (f *filling) read(columns []Column, line Line, was Account) {
	f.begin(was)
	if line.Beyond {
		f.wrong("", "fault.roster.beyond")
	}
	for i, c := range columns {
		f.fill(c, line.Cells[i])
	}
	f.end()
}

// begin takes the account that is there, or a new one.
func (f *filling) begin(was Account) {
	f.Was, f.Now = was, was
	f.Now.Attributes = maps.Clone(was.Attributes)
	if f.Now.Attributes == nil {
		f.Now.Attributes = map[string]string{}
	}
	if was.ID == "" {
		f.Now = Account{Login: f.Login, Role: access.User, Active: true, Attributes: f.Now.Attributes}
		if f.world.Domain != "" {
			f.Now.Domains = []string{f.world.Domain}
		}
	}
}

// fill reads a cell. An empty one leaves what is there.
func (f *filling) fill(c Column, cell string) {
	if c.Field == Password {
		f.Password = cell // as it is typed to sign in
		return
	}
	text := strings.TrimSpace(cell)
	if text == "" {
		return
	}
	cleared := text == Cleared
	if text = plain(text); cleared {
		text = ""
	}
	switch c.Field {
	case Title:
		f.Now.Title = text
	case FirstName:
		f.Now.FirstName = text
	case LastName:
		f.Now.LastName = text
	case Mail:
		f.Now.Mail = text
	case Language:
		f.Now.Language = strings.ToLower(text)
	case Role:
		f.role(text)
	case Active:
		f.active(text)
	case Domains:
		f.domains(split(text))
	case Groups:
		f.groups(split(text))
	case Attribute:
		f.attribute(c, text)
	}
}

func (f *filling) role(text string) {
	role, known := f.world.Roles[Called(text)]
	if !known {
		f.wrong(Role, "fault.user.role")
		return
	}
	f.Now.Role = role
}

// actives are the words for yes and no.
var actives = map[string]bool{
	"yes": true, "oui": true, "true": true, "vrai": true, "1": true, "active": true, "actif": true,
	"no": false, "non": false, "false": false, "faux": false, "0": false, "suspended": false, "suspendu": false,
}

func (f *filling) active(text string) {
	active, known := actives[Called(text)]
	if !known {
		f.wrong(Active, "fault.roster.active")
		return
	}
	f.Now.Active = active
}

func (f *filling) domains(names []string) {
	f.Now.Domains, f.Now.Everywhere = nil, slices.Contains(names, Everywhere)
	for _, name := range names {
		id, known := f.world.Domains[Called(name)]
		switch {
		case name == Everywhere:
		case !known:
			f.wrong(Domains, "fault.roster.domain", name)
		default:
			f.Now.Domains = append(f.Now.Domains, id)
		}
	}
}

func (f *filling) groups(names []string) {
	f.Now.Groups = nil
	for _, name := range names {
		switch ids := f.world.Groups[Called(name)]; len(ids) {
		case 0:
			f.wrong(Groups, "fault.roster.group", name)
		case 1:
			f.enter(name, ids[0])
		default:
			f.wrong(Groups, "fault.roster.groups", name)
		}
	}
}

// enter takes a name for a group. That the name is a title, or says no domain, is
// noted where somebody enters by it who was not in.
func (f *filling) enter(name, group string) {
	f.Now.Groups = append(f.Now.Groups, group)
	if slices.Contains(f.Was.Groups, group) {
		return
	}
	if f.world.Titles[Called(name)] {
		f.Notes = append(f.Notes, Note{"roster.note.title", name, group})
	}
	if f.world.Bare[Called(name)] {
		f.bare = append(f.bare, Note{"roster.note.elsewhere", name, group})
	}
}

// noteElsewhere says which groups lead to other domains than those of the line: the
// columns stand in any order.
func (f *filling) noteElsewhere() {
	for _, n := range f.bare {
		here := func(domain string) bool { return slices.Contains(f.Now.Domains, domain) }
		if !f.Now.Everywhere && !slices.ContainsFunc(f.world.Counts[n.Group], here) {
			f.Notes = append(f.Notes, n)
		}
	}
}

func (f *filling) attribute(c Column, text string) {
	if text == "" {
		delete(f.Now.Attributes, c.Name)
		return
	}
	if key := access.WrongValue(text); key != "" {
		f.Problems = append(f.Problems, Problem{Field: Attribute, Column: c.Head, Key: key})
	}
	f.Now.Attributes[c.Name] = text
}

// end checks the account as the line leaves it, and says what would be done.
func (f *filling) end() {
	f.check()
	f.noteElsewhere()
	f.Diffs = diffs(f.Was, f.Now)
	if f.Password != "" {
		if key, args := fault.FieldText(f.world.Password(f.Password, f.Now.Login), "password"); key != "" {
			f.wrong(Password, key, args...)
		}
		f.Diffs = append(f.Diffs, Diff{Field: Password})
	}
	if len(f.Problems) == 0 && (f.Was.ID == "" || len(f.Diffs) > 0) {
		f.Problems = f.world.Refuses(f.Was, f.Now, f.Password != "")
	}
	switch {
	case f.Was.ID == "":
		f.Deed = Create
	case len(f.Diffs) > 0:
		f.Deed = Update
	default:
		f.Deed = Keep
	}
}

// check says what the account cannot be. What was so before may stay.
func (f *filling) check() {
	was, now := f.Was, f.Now
	before := access.WrongAccount(was.Login, was.FirstName, was.LastName, was.Mail)
	found := access.WrongAccount(now.Login, now.FirstName, now.LastName, now.Mail)
	for _, field := range []Field{Login, FirstName, LastName, Mail} {
		key := found[string(field)]
		known := slices.ContainsFunc(f.Problems, func(p Problem) bool { return p.Field == field })
		if key != "" && !known && (was.ID == "" || before[string(field)] != key) {
			f.wrong(field, key)
		}
	}
	if key := access.WrongTitle(now.Title); key != "" && now.Title != was.Title {
		f.wrong(Title, key)
	}
	if now.Language != "" && now.Language != was.Language && !slices.Contains(f.world.Languages, now.Language) {
		f.wrong(Language, "fault.user.language")
	}
	if len(now.Attributes) > max(access.MostAttributes, len(was.Attributes)) {
		f.wrong("", "fault.attribute.many")
	}
	if now.Everywhere || len(now.Domains)+len(now.Groups) > 0 {
		return
	}
	nowhere := was.ID != "" && !was.Everywhere && len(was.Domains)+len(was.Groups) == 0
	if now.Told || nowhere {
		if now.Active && !f.world.StaysTold(was, now) {
			f.Notes = append(f.Notes, Note{Key: "roster.note.nowhere"})
		}
	} else if !slices.ContainsFunc(f.Problems, func(p Problem) bool { return p.Field == Domains || p.Field == Groups }) {
		f.wrong(Domains, "fault.user.nowhere")
	}
}
