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
	Groups    []string          // of the domain production, by hand
	About     map[string]string // attributes, which the rules of groups compare
}

// Mail is an address that nobody has.
func (a Account) Mail() string { return a.Login + "@traboule.example" }

var accounts = []Account{
	{"c.fontanel", "quai-tram-velours-midi", "Claire", "Fontanel", "fr", access.Administrator, []string{"it"}, about("IT", "Lyon", "3")},
	{"a.berthet", "soie-pont-lumiere-nord", "Aurélie", "Berthet", "fr", access.Writer, []string{"it"}, about("IT", "Lyon", "3")},
	{"m.rolland", "canut-colline-jeudi-bleu", "Mélanie", "Rolland", "fr", access.Writer, []string{"hr"}, about("Human resources", "Lyon", "")},
	{"c.perrachon", "bouchon-place-fleuve-sept", "Camille", "Perrachon", "fr", access.User, nil, about("Sales", "Lyon", "1")},
	{"t.chavanne", "gare-tilleul-brume-onze", "Thomas", "Chavanne", "fr", access.User, []string{"managers"}, about("Logistics", "Villeurbanne", "")},
	{"k.benali", "river-market-noon-velvet", "Karim", "Benali", "en", access.User, nil, about("Sales", "London", "2")},
}

// about is what an account says of somebody; an empty skill is not said.
func about(entity, location, skill string) map[string]string {
	said := map[string]string{"entity": entity, "location": location}
	if skill != "" {
		said["skill"] = skill
	}
	return said
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
