package admission

import (
	"fmt"
	"io"
	"log/slog"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"selfhelp/app/access"
	"selfhelp/app/fault"
	"selfhelp/app/login"
	"selfhelp/app/login/ldap/ldaptest"
	"selfhelp/app/procedure"
	"selfhelp/store"
	"selfhelp/store/people"
)

// office is a desk with a directory of some people.
type office struct {
	*Desk
	t     *testing.T
	st    *store.Store
	slapd *ldaptest.Slapd
	group store.Group // "lyon" of the domain production
}

func newOffice(t *testing.T, ldif string) *office {
	t.Helper()
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	st, err := store.Open(t.Context(), t.TempDir(), store.Options{Log: log})
	must(t, err)
	o := &office{Desk: NewDesk(st, time.Now, log), t: t, st: st, slapd: ldaptest.Start(t, ldif)}
	t.Cleanup(func() { o.Settle(); must(t, st.Close()) })
	o.group, err = st.Content.CreateGroup(t.Context(), store.Group{Domain: "production", Name: "lyon", Title: procedure.T("Lyon", "Lyon")}, "test")
	must(t, err)
	return o
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// method is the directory as a method that makes accounts.
func (o *office) method() Method {
	server := o.slapd.Server()
	return Method{
		ID: "head", Kind: LDAP, Name: "Head office", LDAP: &server,
		Accounts: Accounts{Create: true, Domains: []string{"production"}, Groups: []GroupOf{{"France", o.group.ID}}},
	}
}

// set keeps the methods, the directory first.
func (o *office) set(m Method, change func(*Settings)) {
	o.t.Helper()
	s, version, err := o.Settings(o.t.Context())
	must(o.t, err)
	s.Methods = []Method{m, {ID: InternalID, Kind: Internal}}
	if change != nil {
		change(&s)
	}
	must(o.t, o.Save(o.t.Context(), s, version, "test"))
}

func people3() string {
	return ldaptest.Person("ada", "Ada", "Lovelace", "Sales") + ldaptest.Person("zoe", "Zoë", "L’Été", "Support") + ldaptest.Person("bob", "Bob", "Martin", "Sales") +
		ldaptest.Group("lyon", "uid=ada,ou=people") + ldaptest.Group("france", "cn=lyon,ou=groups")
}

func (o *office) enters(name, password string) Entry {
	o.t.Helper()
	e, err := o.Recognise(o.t.Context(), login.First, name, password)
	if err != nil {
		o.t.Fatalf("%s: %v", name, err)
	}
	return e
}

func (o *office) refused(kind fault.Kind, key, name, password string) {
	o.t.Helper()
	e, err := o.Recognise(o.t.Context(), login.First, name, password)
	if got, _ := fault.TextOf(err); !fault.Is(err, kind) || got != key {
		o.t.Fatalf("%s: %v %v, want %s", name, e, err, key)
	}
}

func (o *office) memberships(u store.User) store.Memberships {
	o.t.Helper()
	m, err := o.st.Content.Memberships(o.t.Context(), u.ID)
	must(o.t, err)
	return m
}

func TestPeopleOfADirectoryComeIn(t *testing.T) {
	o := newOffice(t, people3())
	o.set(o.method(), nil)
	e := o.enters("Ada", ldaptest.Password)
	u := e.User
	if u.Login != "ada" || u.Name() != "Ada Lovelace" || u.Mail != "ada@example.org" || u.Language != "fr" || u.Attributes["entity"] != "Sales" || u.Role != access.User || e.Method != "head" || e.RunOnly || u.Password != "" {
		t.Errorf("Ada is %+v", e)
	}
	m := o.memberships(u)
	if !slices.Equal(m.Domains, []string{"production"}) || len(m.Groups) != 1 || !slices.Equal(m.From[o.group.ID], []string{"head"}) || len(m.ByHandOnly()) != 0 {
		t.Errorf("Ada belongs to %+v", m)
	}
	if again := o.enters("ADA", ldaptest.Password); again.User.ID != u.ID || again.User.Version != u.Version {
		t.Errorf("another account, or a change for nothing: %+v", again)
	}
	for _, p := range [][2]string{{"ada", "wrong"}, {"ada", ""}, {"nobody", ldaptest.Password}, {"", ""}, {"*", ldaptest.Password}} {
		o.refused(fault.Unauthenticated, "fault.sign_in.wrong", p[0], p[1])
	}
	if _, err := o.st.Content.SetActive(t.Context(), []string{u.ID}, false, "test"); err != nil {
		t.Fatal(err)
	}
	o.refused(fault.Unauthenticated, "fault.sign_in.wrong", "ada", ldaptest.Password)
	o.Settle()
	log, err := o.st.Activity.Attempts(t.Context(), "head", 10)
	must(t, err)
	for _, a := range log {
		if strings.Contains(string(a.Trace)+a.Login, "nobody") {
			t.Errorf("what somebody unknown typed is kept: %+v", a)
		}
	}
	if len(log) < 5 || strings.Contains(string(log[0].Trace), ldaptest.Password) || !strings.Contains(string(log[0].Trace), "uid=ada") {
		t.Errorf("the log holds %+v", log)
	}
}

func TestGroupsAndRolesFollowTheDirectory(t *testing.T) {
	o := newOffice(t, people3())
	m := o.method()
	m.Accounts.Roles = []RoleOf{{"lyon", access.Writer}}
	o.set(m, nil)
	u := o.enters("ada", ldaptest.Password).User
	if u.Role != access.Writer {
		t.Errorf("Ada is %s", u.Role)
	}
	must(t, o.st.Content.EnterGroup(t.Context(), o.group.ID, u.ID, "test"))
	m.Accounts.Groups, m.Accounts.Roles = nil, []RoleOf{{"paris", access.Writer}}
	o.set(m, nil)
	if u = o.enters("ada", ldaptest.Password).User; u.Role != access.User {
		t.Errorf("Ada stays %s", u.Role)
	}
	if in := o.memberships(u); !slices.Equal(in.From[o.group.ID], []string{""}) {
		t.Errorf("by hand Ada stays in the group, and by the directory not: %+v", in)
	}
}

func TestAccountsThatWereThereBefore(t *testing.T) {
	o := newOffice(t, people3())
	create := func(login, password string) store.User {
		u, err := o.st.Content.CreateUser(t.Context(), store.User{Login: login, Role: access.User, Active: true, Password: password}, "test")
		must(t, err)
		return u
	}
	ada, zoe := create("ADA", ""), create("zoe", login.Hash("a password kept here"))
	m := o.method()
	o.set(m, nil)
	o.refused(fault.Unauthenticated, "fault.sign_in.wrong", "ada", ldaptest.Password) // the login is somebody's
	m.Accounts.Take = people.TakeUnclaimed
	o.set(m, nil)
	if u := o.enters("ada", ldaptest.Password).User; u.ID != ada.ID || u.FirstName != "Ada" || u.Login != "ADA" {
		t.Errorf("Ada has %+v", u)
	}
	o.refused(fault.Unauthenticated, "fault.sign_in.wrong", "zoe", ldaptest.Password)
	m.Accounts.Take = people.TakeAny
	o.set(m, nil)
	if u := o.enters("zoe", ldaptest.Password).User; u.ID != zoe.ID {
		t.Errorf("Zoë has %+v", u)
	}
	o.refused(fault.Unauthenticated, "fault.sign_in.wrong", "zoe", "a password kept here") // the directory knows her, and answers
	m.Accounts.Create = false
	o.set(m, nil)
	o.refused(fault.Unauthenticated, "fault.sign_in.wrong", "bob", ldaptest.Password)
}

// TestAnotherMethodClaimsNothing holds that an account which one method knows is
// not taken by the next who comes with its login: only programs that keep accounts
// for others leave them unclaimed.
func TestAnotherMethodClaimsNothing(t *testing.T) {
	o := newOffice(t, people3())
	first := o.method()
	o.set(first, nil)
	ada := o.enters("ada", ldaptest.Password).User
	keeper := Method{ID: "program", Kind: SCIM, Name: "Program"}
	second := o.method()
	second.ID, second.Accounts.Take = "other", people.TakeUnclaimed
	take := func() (store.User, error) {
		o.set(first, func(s *Settings) { s.Methods = append(s.Methods, second, keeper) })
		s, _, err := o.Settings(t.Context())
		must(t, err)
		m, err := s.Method("other")
		must(t, err)
		return o.Arrive(t.Context(), m, login.Identity{Subject: "x", Login: "ada"})
	}
	if u, err := take(); !fault.Is(err, fault.Unauthenticated) {
		t.Errorf("somebody else has the account of Ada: %+v %v", u, err)
	}
	must(t, o.st.Content.ForgetIdentity(t.Context(), "head", ada.ID, "test"))
	_, err := o.st.Content.Arrive(t.Context(), []people.Arrival{{Method: "program", Subject: "a", Take: people.TakeAny, Account: func(u store.User) store.User { u.Login = "ada"; return u }}}, "test")
	must(t, err)
	must(t, o.st.Content.AddFactor(t.Context(), store.Factor{ID: "f", User: ada.ID, Kind: people.Passkey, Handle: []byte("h")}))
	if u, err := take(); !fault.Is(err, fault.Unauthenticated) {
		t.Errorf("an account with a passkey is taken: %+v %v", u, err)
	}
	must(t, o.st.Content.RemoveFactors(t.Context(), ada.ID, "test"))
	if u, err := take(); err != nil || u.ID != ada.ID {
		t.Errorf("an account that a program made ready: %+v %v", u, err)
	}
}

func TestWithoutTheDirectory(t *testing.T) {
	o := newOffice(t, people3())
	m := o.method()
	m.Accounts.Take = people.TakeAny
	o.set(m, nil)
	const kept = "a password kept here"
	var all []store.User
	for _, name := range []string{"ada", "zoe"} {
		u := o.enters(name, ldaptest.Password).User
		must(t, o.st.Content.SetPassword(t.Context(), u.ID, login.Hash(kept), "test"))
		all = append(all, u)
	}
	local, err := o.st.Content.CreateUser(t.Context(), store.User{Login: "local", Role: access.User, Active: true, Password: login.Hash(kept)}, "test")
	must(t, err)
	o.refused(fault.Unauthenticated, "fault.sign_in.wrong", "ada", kept)
	o.slapd.Stop()
	o.refused(fault.Unavailable, "fault.sign_in.away", "ada", ldaptest.Password)
	if !o.IsAway("head") {
		t.Fatal("nobody noticed that the directory is away")
	}
	o.refused(fault.Unavailable, "fault.sign_in.away", "ada", kept) // no policy lets her
	if e := o.enters("local", kept); e.User.ID != local.ID || e.RunOnly {
		t.Errorf("who is ours came in as %+v", e)
	}
	o.set(m, func(s *Settings) { s.Away = Away{Who: InGroups, Groups: []string{o.group.ID}, Run: true} })
	if e := o.enters("ada", kept); e.User.ID != all[0].ID || !e.RunOnly || e.Method != InternalID {
		t.Errorf("Ada came in as %+v", e)
	}
	for _, name := range []string{"zoe", "ada", "nobody"} { // not in the group, a wrong password, no account: the same words
		o.refused(fault.Unavailable, "fault.sign_in.away.kept", name, kept+"x")
	}
	o.refused(fault.Unavailable, "fault.sign_in.away.kept", "zoe", kept)
	o.set(m, func(s *Settings) { s.Away = Away{Who: Everyone} })
	if e := o.enters("zoe", kept); e.RunOnly {
		t.Errorf("Zoë came in as %+v", e)
	}
	o.comes(all[0], "head whole away; whole")
	o.set(m, func(s *Settings) { s.Away = Away{Who: Everyone, Run: true} })
	o.comes(all[0], "head whole away; runs")
	o.comes(local, "whole")
	must(t, o.st.Content.SetPassword(t.Context(), local.ID, "", "test"))
	o.comes(local, "whole unset")
	o.set(m, func(s *Settings) { s.Away = Away{Who: Administrators} })
	o.comes(all[0], "head whole away")
	off := m
	off.Off = true
	o.set(off, nil)
	o.comes(all[0], "head whole off; whole")
	o.set(m, func(s *Settings) { s.Away = Away{Who: Administrators} })
	o.set(m, func(s *Settings) { s.Away = Away{Who: Everyone} })
	o.keyed(all[1], false, false) // the directory suspends nobody: a passkey says too little
	m.Sync = Sync{Minutes: 60, Suspend: true}
	o.set(m, func(s *Settings) { s.Away = Away{Who: Everyone, Run: true} })
	o.keyed(all[1], true, true)
	o.set(m, func(s *Settings) { s.Away = Away{Who: Administrators} })
	o.refused(fault.Unavailable, "fault.sign_in.away.kept", "zoe", kept)
	o.keyed(all[1], false, false)
	o.keyed(local, true, false)

	back := ldaptest.Start(t, people3())
	server := back.Server()
	m.LDAP = &server
	o.set(m, func(s *Settings) { s.Away = Away{Who: Everyone} })
	o.Probe(t.Context())
	if o.IsAway("head") {
		t.Fatal("nobody noticed that the directory is back")
	}
	o.refused(fault.Unauthenticated, "fault.sign_in.wrong", "zoe", kept)
	o.keyed(all[1], true, false)
	o.comes(all[0], "head whole")
	o.set(m, func(s *Settings) { s.Away, s.SecondOfAll = Away{Who: Everyone}, true })
	o.comes(all[0], "head whole, a factor first")
	all[0].Active = false
	o.comes(all[0], "")
	entries, err := o.st.Content.AuditEntries(t.Context(), 0, 100)
	must(t, err)
	for _, action := range []string{"directory.away", "directory.back"} {
		if n := len(slices.DeleteFunc(slices.Clone(entries), func(e store.AuditEntry) bool { return e.Action != action })); n != 1 {
			t.Errorf("the audit has %s %d times", action, n)
		}
	}
}

// comes looks at the ways by which somebody can come in now.
func (o *office) comes(u store.User, want string) {
	o.t.Helper()
	now, err := o.st.Content.User(o.t.Context(), u.ID)
	must(o.t, err)
	now.Active = u.Active
	ways, err := o.Ways(o.t.Context(), now)
	must(o.t, err)
	var said []string
	for _, w := range ways {
		words := map[bool]string{false: "whole", true: "runs"}[w.Debts.Entry]
		if w.Debts.Factor {
			words += ", a factor first"
		}
		if w.Method.Kind != Internal {
			words = w.Method.ID + " " + words
		}
		if w.Shut != NotShut {
			words += " " + string(w.Shut)
		}
		said = append(said, words)
	}
	if got := strings.Join(said, "; "); got != want {
		o.t.Errorf("%s comes in by %q, want %q", u.Login, got, want)
	}
}

// keyed shows a passkey of somebody.
func (o *office) keyed(u store.User, may, runOnly bool) {
	o.t.Helper()
	e, ok, err := o.Keyed(o.t.Context(), u)
	must(o.t, err)
	if ok != may || ok && e.RunOnly != runOnly || ok && (len(e.Without) > 0) != (runOnly) {
		o.t.Errorf("%s with a passkey: %v %+v", u.Login, ok, e)
	}
}

func TestSynchronise(t *testing.T) {
	o := newOffice(t, people3())
	m := o.method()
	m.Sync.Suspend = true
	o.set(m, nil)
	dry, err := o.Synchronise(t.Context(), m, true, nil)
	must(t, err)
	if dry.Listed != 3 || dry.Created != 3 || dry.Changed+dry.Suspended+dry.Refused != 0 || len(dry.Lines) != 3 {
		t.Errorf("the plan is %+v", dry)
	}
	if n, err := o.st.Content.CountUsers(t.Context()); err != nil || n != 0 {
		t.Fatalf("trying made %d accounts: %v", n, err)
	}
	_, err = o.Synchronise(t.Context(), m, false, nil)
	must(t, err)
	again, err := o.Synchronise(t.Context(), m, false, nil)
	must(t, err)
	if again.Listed != 3 || again.Created+again.Changed != 0 || len(again.Lines) != 0 {
		t.Errorf("a second time changes %+v", again)
	}

	less := newOffice(t, ldaptest.Person("ada", "Augusta Ada", "Lovelace", "Board"))
	server := less.slapd.Server()
	m.LDAP = &server
	m.LDAP.ID = "uid" // the same people in both
	o.set(m, nil)
	for name := range map[string]bool{"ada": true, "zoe": true, "bob": true} {
		u, err := o.st.Content.UserByLogin(t.Context(), name)
		must(t, err)
		must(t, o.st.Content.ForgetIdentity(t.Context(), "head", u.ID, "test"))
		_, err = o.st.Content.Arrive(t.Context(), []people.Arrival{{Method: "head", Subject: name, Take: people.TakeAny, Account: func(u store.User) store.User { u.Login = name; return u }, Groups: []string{o.group.ID}}}, "test")
		must(t, err)
	}
	// Without the rule to suspend, whom the directory no longer has keeps an
	// account, and nothing that the directory gave.
	soft := m
	soft.Sync.Suspend = false
	for _, isDry := range []bool{true, false} {
		p, err := o.Synchronise(t.Context(), soft, isDry, nil)
		must(t, err)
		if p.Gone != 2 || p.Suspended != 0 {
			t.Errorf("dry %v: %+v", isDry, p)
		}
		zoe, err := o.st.Content.UserByLogin(t.Context(), "zoe")
		must(t, err)
		held, err := o.st.Content.Memberships(t.Context(), zoe.ID)
		if err != nil || !zoe.Active || (len(held.Groups) == 1) != isDry {
			t.Errorf("dry %v: Zoë is in %+v %v", isDry, held.Groups, err)
		}
		ada, err := o.st.Content.UserByLogin(t.Context(), "ada")
		must(t, err)
		_, err = o.st.Content.Arrive(t.Context(), []people.Arrival{{Method: "head", Subject: "ada", Account: func(u store.User) store.User { u.Attributes = map[string]string{"entity": "Sales"}; return u }, Groups: []string{o.group.ID}}}, "test")
		must(t, err)
		if held, err = o.st.Content.Memberships(t.Context(), ada.ID); err != nil || len(held.Groups) != 1 {
			t.Fatalf("%+v %v", held, err)
		}
	}
	for _, isDry := range []bool{true, false} {
		p, err := o.Synchronise(t.Context(), m, isDry, nil)
		must(t, err)
		if p.Changed != 1 || p.Suspended != 2 || p.Lines[0].Act != Change || !slices.Contains(p.Lines[0].Fields, Differ{"entity", "Sales", "Board"}) || !slices.Equal(p.Lines[0].Left, []string{o.group.ID}) {
			t.Errorf("dry %v: %+v", isDry, p)
		}
	}
	zoe, err := o.st.Content.UserByLogin(t.Context(), "zoe")
	if err != nil || zoe.Active {
		t.Errorf("Zoë may still come in: %+v %v", zoe, err)
	}
	last, err := o.LastSync(t.Context(), "head")
	if err != nil || last.Suspended != 2 {
		t.Errorf("kept of the last: %+v %v", last, err)
	}
}

// TestADirectoryThatLostEverybody suspends nobody.
func TestADirectoryThatLostEverybody(t *testing.T) {
	var ldif strings.Builder
	for i := range 40 {
		ldif.WriteString(ldaptest.Person(fmt.Sprintf("p%02d", i), "P", fmt.Sprint(i), "Sales"))
	}
	o := newOffice(t, ldif.String())
	m := o.method()
	m.Sync.Suspend = true
	_, err := o.Synchronise(t.Context(), m, false, nil)
	must(t, err)
	m.LDAP.Filter = "(&(objectClass=inetOrgPerson)(uid={login})(uid=p0*))"
	p, err := o.Synchronise(t.Context(), m, false, nil)
	if key, _ := fault.TextOf(err); key != "fault.sync.too_many" || p.Suspended != 0 {
		t.Errorf("%+v %v", p, err)
	}
}

func TestSecretsAreSealed(t *testing.T) {
	o := newOffice(t, people3())
	o.set(o.method(), nil)
	s, _, err := o.Settings(t.Context())
	must(t, err)
	if got := s.Methods[0].LDAP.Password; got != ldaptest.SearcherPassword {
		t.Errorf("the password came back as %q", got)
	}
	for _, end := range []string{"", "-wal"} {
		b, err := os.ReadFile(o.st.Content.Path() + end)
		must(t, err)
		if strings.Contains(string(b), ldaptest.SearcherPassword) {
			t.Error("the password of the one who searches stands in the database")
		}
	}
}

func TestWrongSettings(t *testing.T) {
	for field, s := range map[string]Settings{
		"methods":   {Methods: []Method{{ID: InternalID, Kind: Internal, Off: true}}},
		"a.name":    {Methods: []Method{{ID: "a", Kind: LDAP}}},
		"a.role":    {Methods: []Method{{ID: "a", Kind: LDAP, Name: "x", Accounts: Accounts{Role: "king"}}}},
		"a.minutes": {Methods: []Method{{ID: "a", Kind: LDAP, Name: "x", Sync: Sync{Minutes: 1}}}},
		"a.groups":  {Methods: []Method{{ID: "a", Kind: LDAP, Name: "x", Accounts: Accounts{Groups: []GroupOf{{}}}}}},
		"a.roles":   {Methods: []Method{{ID: "a", Kind: LDAP, Name: "x", Accounts: Accounts{Roles: []RoleOf{{"x", "king"}}}}}},
		"a.take":    {Methods: []Method{{ID: "a", Kind: LDAP, Name: "x", Accounts: Accounts{Take: "all"}}}},
		"who":       {Away: Away{Who: "friends"}},
		"groups":    {Away: Away{Who: InGroups}},
	} {
		if wrong := s.Check(); wrong[field] == "" {
			t.Errorf("%s: %v", field, wrong)
		}
	}
}
