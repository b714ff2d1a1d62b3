package procedure

// RootNames are the names that formulas can read under the roots that the
// platform fills: who the person is, where the procedure runs, when. What is
// particular to a company stands in user.attributes.
var RootNames = map[string][]string{
	"user": {"login", "name", "first_name", "last_name", "mail", "language", "role", "groups", "attributes"},
	"env":  {"server", "domain", "project", "version", "language"},
	"date": {"today", "now"},
}
