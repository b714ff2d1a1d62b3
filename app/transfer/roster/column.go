package roster

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"selfhelp/app/access"
	"selfhelp/app/fault"
)

// Field is what a column fills in.
type Field string

// The fields. Columns of what nobody brings in, as the day an account was made,
// are ignored, so that what was given out can be read again.
const (
	Login     Field = "login"
	Title     Field = "title"
	FirstName Field = "first_name"
	LastName  Field = "last_name"
	Mail      Field = "mail"
	Language  Field = "language"
	Role      Field = "role"
	Active    Field = "active"
	Password  Field = "password"
	Domains   Field = "domains"
	Groups    Field = "groups"
	Attribute Field = "attribute" // the one that the column names
	Ignored   Field = "ignored"
)

// AttributePrefix begins the name of a column that can only be an attribute.
const AttributePrefix = "attribute."

// names are how columns are called, folded.
var names = map[string]Field{
	"login": Login, "identifiant": Login,
	"title": Title, "civilite": Title,
	"first_name": FirstName, "firstname": FirstName, "prenom": FirstName,
	"last_name": LastName, "lastname": LastName, "nom": LastName,
	"mail": Mail, "email": Mail, "e_mail": Mail, "courriel": Mail,
	"language": Language, "langue": Language,
	"role":   Role,
	"active": Active, "actif": Active,
	"password": Password, "mot_de_passe": Password,
	"domains": Domains, "domain": Domains, "domaines": Domains, "domaine": Domains,
	"groups": Groups, "group": Groups, "groupes": Groups, "groupe": Groups,
	"created_on": Ignored, "cree_le": Ignored,
	"groups_by_rule_or_directory": Ignored, "groupes_par_regle_ou_annuaire": Ignored,
}

// Column is a column of a file.
type Column struct {
	Head  string // as the file calls it
	Field Field
	Name  string // of an attribute
}

// columnOf reads the name of a column. Any that is not one of ours is that of an
// attribute.
func columnOf(head string) (Column, error) {
	c := Column{Head: head}
	lower := strings.ToLower(head)
	if name, is := strings.CutPrefix(lower, AttributePrefix); is {
		c.Field, c.Name = Attribute, name
	} else if c.Field = names[fold(head)]; c.Field == "" {
		c.Field, c.Name = Attribute, fold(head)
	}
	if c.Field == Attribute && access.WrongAttribute(c.Name) != "" {
		return c, fault.New(fault.Invalid, "fault.roster.column", head)
	}
	return c, nil
}

// columnsOf reads the first line of a file.
func columnsOf(heads []string) ([]Column, error) {
	var columns []Column
	for i, head := range heads {
		head = strings.TrimSpace(head)
		if head == "" {
			return nil, fault.New(fault.Invalid, "fault.roster.unnamed", i+1)
		}
		c, err := columnOf(head)
		if err != nil {
			return nil, err
		}
		same := func(b Column) bool { return b.Field == c.Field && b.Name == c.Name }
		if at := slices.IndexFunc(columns, same); at >= 0 && c.Field != Ignored {
			return nil, fault.New(fault.Invalid, "fault.roster.twice", columns[at].Head, c.Head)
		}
		columns = append(columns, c)
	}
	if !slices.ContainsFunc(columns, func(c Column) bool { return c.Field == Login }) {
		return nil, fault.New(fault.Invalid, "fault.roster.login", headsOf(columns))
	}
	return columns, nil
}

// headsShown is how many columns are named to who sent none that says whose line it is.
const headsShown = 12

// headsOf are what the file calls its first columns.
func headsOf(columns []Column) string {
	var heads []string
	for _, c := range columns[:min(len(columns), headsShown)] {
		heads = append(heads, c.Head)
	}
	if len(columns) > headsShown {
		heads = append(heads, "…")
	}
	return strings.Join(heads, ", ")
}

// fold is a word in small letters without accents, its parts joined by lines.
func fold(s string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(strings.ToLower(s)) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			b.WriteRune(r)
		case unicode.Is(unicode.Mn, r):
		case b.Len() > 0:
			b.WriteByte('_')
		}
	}
	parts := strings.FieldsFunc(b.String(), func(r rune) bool { return r == '_' })
	return strings.Join(parts, "_")
}
