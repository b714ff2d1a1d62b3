package browser

import (
	"testing"

	"github.com/chromedp/chromedp/kb"

	"selfhelp/app/login/ldap/ldaptest"
)

// TestLDAP signs somebody in by slapd, with the password they type at our own page.
// An administrator set it up by clicks, tried it, and saw what a synchronisation
// would do before it did.
func TestLDAP(t *testing.T) {
	chromium := browser(t)
	slapd := ldaptest.Start(t, ldaptest.Person("ada.l", "Ada", "Lovelace", "Sales")+ldaptest.Person("zoe", "Zoé", "Lefèvre", "Support")+ldaptest.Group("lyon", "uid=zoe,ou=people"))
	server := slapd.Server()
	home, setup := product(t)
	boss := newPerson(t, chromium, home)
	signUp(boss, setup)
	boss.open("/admin/sign-in")
	boss.chooses("Kind of sign-in", "Directory (LDAP, Active Directory)")
	boss.click("button", "Add")
	boss.arrives("^/admin/sign-in/new$")
	boss.accessible("ldap-new")
	boss.fill("Name", "Lyon")
	boss.fill("Addresses", server.URLs[0])
	boss.pastes("Certificates to trust", server.Roots)
	boss.fill("Account that searches", server.BindAs)
	boss.fill("Its password", server.Password)
	boss.fillIn(".field:has(#base)", "Where they are", server.Base)
	boss.fillIn(".field:has(#group_base)", "Where they are", server.GroupBase)
	boss.fillIn("#roles", "Group there, row 1", "lyon")
	boss.choosesIn("#roles", "Becomes here, row 1", "Writer")
	boss.click("#domain input", "Production")
	boss.click("button", "Add, without turning it on")
	boss.sees("It is added, and still off.")

	for _, try := range []struct{ password, outcome string }{
		{"wrong", "Invalid Credentials"}, {ldaptest.Password, "They would come in."}, {"wrong again", "Invalid Credentials"},
	} {
		boss.fillIn("form[action$=test]", "Login", "zoe")
		boss.fillIn("form[action$=test]", "Password", try.password)
		boss.click("form[action$=test] button", "Try")
		boss.sees(try.outcome)
		boss.click("a", "Back to its settings")
		boss.arrives("^/admin/sign-in/[a-z0-9]+$") // both pages have the form to try
	}
	boss.click("button", "See what would change")
	boss.sees("Nothing was changed.", "Zoé Lefèvre", "Ada Lovelace", "New account")
	boss.accessible("ldap-dry")
	boss.click("button", "Synchronise now")
	boss.sees("Synchronised with Lyon", "Zoé Lefèvre")
	boss.click("a", "Back to its settings")
	boss.click("button", "Turn on")
	boss.sees("The change is saved.")

	zoe := newPerson(t, chromium, home)
	zoe.refused = []int64{422}
	zoe.open("/login?next=/me")
	zoe.fill("Login", "zoe")
	zoe.stays("body", "Password", "wrong"+kb.Enter)
	zoe.until(`document.querySelector("[role=alert], .note") !== null`)
	zoe.stays("body", "Password", ldaptest.Password+kb.Enter)
	zoe.arrives("^/me$")
	zoe.sees("Zoé Lefèvre")
	boss.open("/admin/audit")
	boss.sees("Zoé Lefèvre", "Accounts synchronised")
	zoe.content()
	boss.content()
}
