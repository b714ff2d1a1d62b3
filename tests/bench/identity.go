package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	goldap "github.com/go-ldap/ldap/v3"

	"selfhelp/app/access"
	"selfhelp/app/admission"
	"selfhelp/app/login"
	"selfhelp/app/login/ldap/ldaptest"
	"selfhelp/app/procedure"
	"selfhelp/store"
)

// owner lets a directory of the tests be started here: it has a folder, and what
// it stops with.
type owner struct {
	testing.TB
	dir  string
	ends []func()
}

func (o *owner) Helper()                      {}
func (o *owner) Cleanup(end func())           { o.ends = append(o.ends, end) }
func (o *owner) Fatal(args ...any)            { panic(fmt.Sprint(args...)) }
func (o *owner) Fatalf(f string, args ...any) { panic(fmt.Sprintf(f, args...)) }
func (o *owner) Skip(args ...any)             { panic(fmt.Sprint(args...)) }
func (o *owner) Setenv(key, value string)     { os.Setenv(key, value) }
func (o *owner) Context() context.Context     { return context.Background() }

// TempDir is one of several.
func (o *owner) TempDir() string {
	if err := os.MkdirAll(o.dir, 0o700); err != nil {
		panic(err)
	}
	dir, err := os.MkdirTemp(o.dir, "")
	if err != nil {
		panic(err)
	}
	return dir
}

func (o *owner) end() {
	for _, end := range o.ends {
		end()
	}
}

// identity measures who may do what: the directory, the groups by rule, a
// decision.
func (m *measure) identity(ctx context.Context) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("start the directory: %v", p)
		}
	}()
	if err := m.directory(ctx); err != nil {
		return err
	}
	if err := m.ruled(ctx); err != nil {
		return err
	}
	m.decision()
	return nil
}

// directory compares a sign-in with the bind it is made of, and times a
// synchronisation of everybody.
func (m *measure) directory(ctx context.Context) error {
	o := &owner{dir: m.folder("slapd")}
	defer o.end()
	var tree strings.Builder
	for i := range m.people {
		tree.WriteString(ldaptest.Person(fmt.Sprintf("p%05d", i), "Person", fmt.Sprint(i), fmt.Sprint("entity ", i%50)))
	}
	slapd := ldaptest.Start(o, tree.String())
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	st, err := store.Open(ctx, m.folder("directory"), store.Options{Log: log})
	if err != nil {
		return err
	}
	defer st.Close()
	desk := admission.NewDesk(st, time.Now, log)
	server := slapd.Server()
	method := admission.Method{ID: "bench", Kind: admission.LDAP, Name: "Bench", LDAP: &server, Accounts: admission.Accounts{Create: true, Domains: []string{"production"}}}
	s, version, err := desk.Settings(ctx)
	if err != nil {
		return err
	}
	s.Methods = []admission.Method{method, {ID: admission.InternalID, Kind: admission.Internal}}
	if err := desk.Save(ctx, s, version, "bench"); err != nil {
		return err
	}
	heap, routines := kept()
	began := time.Now()
	plan, err := desk.Synchronise(ctx, method, false, nil)
	if err != nil || plan.Created != m.people {
		return fmt.Errorf("synchronise: %d accounts: %v", plan.Created, err)
	}
	m.add(fmt.Sprintf("synchronise %d people of a directory, first time", m.people), time.Since(began).Round(10*time.Millisecond).String(), "", "", "30 s")
	began = time.Now()
	if _, err := desk.Synchronise(ctx, method, false, nil); err != nil {
		return err
	}
	m.add("the same again, nothing changed", time.Since(began).Round(10*time.Millisecond).String(), "", "", "")
	heapAfter, routinesAfter := kept()
	m.add("heap and goroutines after both", fmt.Sprintf("%s, %d", megabytes(heapAfter), routinesAfter), fmt.Sprintf("%s, %d before", megabytes(heap), routines), "", "+ 10 MB, + 0")

	const rounds = 200
	var whole, bind time.Duration
	for i := range rounds {
		name := fmt.Sprintf("p%05d", i*7%m.people)
		began := time.Now()
		if err := bindOnly(slapd, name); err != nil {
			return err
		}
		bind += time.Since(began)
		began = time.Now()
		if _, err := desk.Recognise(ctx, login.First, name, ldaptest.Password); err != nil {
			return err
		}
		whole += time.Since(began)
	}
	m.add("sign in by a directory (LDAPS)", (whole / rounds).Round(10*time.Microsecond).String(), (bind/rounds).Round(10*time.Microsecond).String()+" connect, find, bind", fmt.Sprintf("%.2f", float64(whole)/float64(bind)), "≤ 1.20")
	return nil
}

// kept is what this process keeps once its garbage is collected.
func kept() (heap int64, goroutines int) {
	runtime.GC()
	runtime.GC() // what finalizers held
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc), runtime.NumGoroutine()
}

// bindOnly is what a sign-in cannot do without: connect, find the person as who
// searches, and bind as them.
func bindOnly(slapd *ldaptest.Slapd, name string) error {
	server := slapd.Server()
	conn, err := goldap.DialURL(slapd.Secure, goldap.DialWithTLSConfig(slapd.TLS()))
	if err != nil {
		return err
	}
	defer conn.Close()
	if err := conn.Bind(server.BindAs, server.Password); err != nil {
		return err
	}
	filter := strings.ReplaceAll(server.Filter, "{login}", name)
	found, err := conn.Search(goldap.NewSearchRequest(server.Base, goldap.ScopeWholeSubtree, goldap.NeverDerefAliases, 2, 0, false, filter, []string{"dn"}, nil))
	if err != nil || len(found.Entries) != 1 {
		return fmt.Errorf("%s is not found: %w", name, err)
	}
	return conn.Bind(found.Entries[0].DN, ldaptest.Password)
}

// ruled times what changes memberships by rule.
func (m *measure) ruled(ctx context.Context) error {
	st, err := store.Open(ctx, m.folder("directory"), store.Options{Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	if err != nil {
		return err
	}
	defer st.Close()
	var last time.Duration
	for i := range m.groups {
		g := store.Group{Domain: "production", Name: fmt.Sprintf("rule-%d", i), Title: procedure.T(fmt.Sprintf("Règle %d", i), fmt.Sprintf("Rule %d", i)), Rule: &access.Rule{Conditions: []access.Condition{
			{Attribute: "entity", Is: access.Equals, Value: fmt.Sprint("entity ", i%50)}, {Attribute: "skill", Is: access.AtLeast, Value: fmt.Sprint(i % 7)},
		}}}
		began := time.Now()
		if _, err := st.Content.CreateGroup(ctx, g, "bench"); err != nil {
			return err
		}
		last = time.Since(began)
	}
	m.add(fmt.Sprintf("one more group by rule, looking at %d people", m.people), last.Round(100*time.Microsecond).String(), "", "", "1 s")
	u, err := st.Content.UserByLogin(ctx, "p00007")
	if err != nil {
		return err
	}
	u.Attributes = map[string]string{"entity": "entity 7", "skill": "5"}
	began := time.Now()
	if _, err := st.Content.SaveUser(ctx, u, "bench"); err != nil {
		return err
	}
	m.add(fmt.Sprintf("an attribute changed, %d groups by rule, durable", m.groups), time.Since(began).Round(100*time.Microsecond).String(), "", "", "1 s")
	return nil
}

// decision times one decision about somebody in a thousand groups.
func (m *measure) decision() {
	names := make([]string, m.groups)
	grants := make([]access.Grant, m.groups)
	for i := range names {
		names[i] = fmt.Sprint("mine-", i)
		grants[i] = access.Grant{Right: access.Modification, Group: fmt.Sprint("theirs-", i)}
	}
	who := access.Identity{ID: "u", Role: access.Writer, Domains: []string{"production"}, Groups: access.GroupsOf(names...)}
	on := access.Thing{Domain: "production", Project: &access.Project{Grants: access.GrantsOf(grants...)}}
	r := testing.Benchmark(func(b *testing.B) {
		for b.Loop() {
			access.Can(who, access.ModifyProject, on)
		}
	})
	m.add(fmt.Sprintf("a decision, %d groups of somebody, %d grants of a project", m.groups, m.groups), fmt.Sprintf("%.2f µs", float64(r.NsPerOp())/1000), "", "", "5 µs")
}
