package demo

import "selfhelp/app/access"

// firstVersion is the number under which everything is published.
const firstVersion = "1.0"

// Account is one of the accounts of the demonstration, with its password: it
// is meant to be told.
type Account struct {
	Login     string
	Password  string
	FirstName string
	LastName  string
	Language  string
	Role      access.Role
	Groups    []string // of the domain production
}

// Mail is an address that nobody has.
func (a Account) Mail() string { return a.Login + "@traboule.example" }

var accounts = []Account{
	{"c.fontanel", "quai-tram-velours-midi", "Claire", "Fontanel", "fr", access.Administrator, []string{"it"}},
	{"a.berthet", "soie-pont-lumiere-nord", "Aurélie", "Berthet", "fr", access.Writer, []string{"it"}},
	{"m.rolland", "canut-colline-jeudi-bleu", "Mélanie", "Rolland", "fr", access.Writer, []string{"hr"}},
	{"c.perrachon", "bouchon-place-fleuve-sept", "Camille", "Perrachon", "fr", access.User, nil},
	{"t.chavanne", "gare-tilleul-brume-onze", "Thomas", "Chavanne", "fr", access.User, []string{"managers"}},
	{"k.benali", "river-market-noon-velvet", "Karim", "Benali", "en", access.User, nil},
}

// Accounts lists the accounts of the demonstration.
func Accounts() []Account { return accounts }

// person is who makes a journey: an account, or a visitor when it has no id.
type person struct {
	Account
	id     string
	groups []string
}

// roots is user.* of formulas.
func (p person) roots() map[string]any {
	if p.id == "" {
		return map[string]any{}
	}
	return map[string]any{
		"login": p.Login, "name": p.FirstName + " " + p.LastName, "first_name": p.FirstName, "last_name": p.LastName,
		"mail": p.Mail(), "language": p.Language, "groups": p.groups,
	}
}
