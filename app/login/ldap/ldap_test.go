package ldap_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"selfhelp/app/fault"
	"selfhelp/app/login"
	"selfhelp/app/login/ldap"
	"selfhelp/app/login/ldap/ldaptest"
)

// people is a tree with groups within groups, a circle of them, and names with
// odd signs.
func people() string {
	var b strings.Builder
	b.WriteString(ldaptest.Person("ada", "Ada", "Lovelace", "Sales"))
	b.WriteString(ldaptest.Person("zoe", "Zoë", "L’Été", "Support"))
	b.WriteString(ldaptest.Person("o,d+a", "Odd", "Signs", "Sales"))
	b.WriteString(ldaptest.Person("twin", "One", "Twin", "A"))
	b.WriteString("dn: ou=more,ou=people," + ldaptest.Suffix + "\nobjectClass: organizationalUnit\nou: more\n\n")
	b.WriteString(strings.ReplaceAll(ldaptest.Person("twin", "Two", "Twin", "B"), "uid=twin,ou=people", "uid=twin,ou=more,ou=people"))
	b.WriteString(ldaptest.Group("lyon", "uid=ada,ou=people"))
	b.WriteString(ldaptest.Group("france", "cn=lyon,ou=groups", "uid=zoe,ou=people"))
	b.WriteString(ldaptest.Group("europe", "cn=france,ou=groups", "cn=round,ou=groups"))
	b.WriteString(ldaptest.Group("round", "cn=europe,ou=groups"))
	b.WriteString(ldaptest.Group("signs (odd*)", "uid=o\\,d\\+a,ou=people"))
	return b.String()
}

func TestAuthenticate(t *testing.T) {
	slapd := ldaptest.Start(t, people())
	server := slapd.Server()
	if wrong := server.Check(); len(wrong) > 0 {
		t.Fatalf("the settings are refused: %v", wrong)
	}
	p, err := server.Authenticate(t.Context(), "Ada", ldaptest.Password, nil)
	if err != nil {
		t.Fatal(err)
	}
	if p.Login != "ada" || len(p.Subject) != 36 || p.Fields["first_name"] != "Ada" || p.Fields["mail"] != "ada@example.org" || p.Fields["entity"] != "Sales" || p.Fields["language"] != "fr" {
		t.Errorf("Ada is %+v", p)
	}
	if want := []string{"europe", "france", "lyon", "round"}; !slices.Equal(p.Groups, want) {
		t.Errorf("Ada is in %v, want %v", p.Groups, want)
	}
	for login, password := range map[string]string{
		"ada": "wrong", "nobody": ldaptest.Password, "": ldaptest.Password, "zoe": "",
		"*": ldaptest.Password, "ada)(uid=*": ldaptest.Password, "ada\x00": ldaptest.Password,
		"a*": ldaptest.Password, "ada,ou=people": ldaptest.Password, strings.Repeat("a", 300): ldaptest.Password,
	} {
		if p, err := server.Authenticate(t.Context(), login, password, nil); !fault.Is(err, fault.Unauthenticated) {
			t.Errorf("%q with %q: %+v %v", login, password, p, err)
		}
	}
	odd, err := server.Authenticate(t.Context(), "o,d+a", ldaptest.Password, nil)
	if err != nil || !slices.Equal(odd.Groups, []string{"signs (odd*)"}) {
		t.Errorf("a login with odd signs: %+v %v", odd, err)
	}
	if _, err := server.Authenticate(t.Context(), "twin", ldaptest.Password, nil); !fault.Is(err, fault.Unavailable) {
		t.Errorf("a login of two people: %v", err)
	}
}

func TestDirectBind(t *testing.T) {
	slapd := ldaptest.Start(t, people())
	server := slapd.Server()
	server.Direct = "uid={login},ou=people," + ldaptest.Suffix
	for _, login := range []string{"zoe", "o,d+a"} {
		if p, err := server.Authenticate(t.Context(), login, ldaptest.Password, nil); err != nil || p.Login != login {
			t.Errorf("%s: %+v %v", login, p, err)
		}
	}
	server.BindAs = "" // what they may read of themselves is enough, but for groups
	if p, err := server.Authenticate(t.Context(), "zoe", ldaptest.Password, nil); err == nil && p.Login != "zoe" {
		t.Errorf("as themselves: %+v", p)
	}
	for _, login := range []string{"ada,ou=people", "", "*", "twin,ou=more"} {
		if _, err := server.Authenticate(t.Context(), login, ldaptest.Password, nil); !fault.Is(err, fault.Unauthenticated) {
			t.Errorf("%q: %v", login, err)
		}
	}
	server.Direct = "{login}@example.org"
	for _, login := range []string{"zoe@evil.example", "x\\zoe", "zoe,dc=x"} {
		if _, err := server.Authenticate(t.Context(), login, ldaptest.Password, nil); !errors.Is(err, ldap.ErrRefused) {
			t.Errorf("%q is sent to the directory: %v", login, err)
		}
	}
}

func TestConnections(t *testing.T) {
	slapd := ldaptest.Start(t, people())
	signIn := func(change func(*ldap.Server)) error {
		server := slapd.Server()
		change(&server)
		_, err := server.Authenticate(t.Context(), "ada", ldaptest.Password, nil)
		return err
	}
	for what, change := range map[string]func(*ldap.Server){
		"LDAPS":                  func(*ldap.Server) {},
		"StartTLS":               func(s *ldap.Server) { s.URLs, s.StartTLS = []string{slapd.Plain}, true },
		"plain, on this machine": func(s *ldap.Server) { s.URLs = []string{slapd.Plain} },
		"the second of two":      func(s *ldap.Server) { s.URLs = []string{"ldaps://127.0.0.1:1", slapd.Secure} },
		"another name of the host": func(s *ldap.Server) {
			s.URLs = []string{strings.Replace(slapd.Secure, "127.0.0.1", "localhost", 1)}
		},
	} {
		if err := signIn(change); err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
	for what, change := range map[string]func(*ldap.Server){
		"a certificate of nobody":   func(s *ldap.Server) { s.Roots = "" },
		"the same by StartTLS":      func(s *ldap.Server) { s.URLs, s.StartTLS, s.Roots = []string{slapd.Plain}, true, "" },
		"nobody there":              func(s *ldap.Server) { s.URLs = []string{"ldaps://127.0.0.1:1"} },
		"LDAPS where there is none": func(s *ldap.Server) { s.URLs = []string{strings.Replace(slapd.Plain, "ldap:", "ldaps:", 1)} },
		"a searcher unknown":        func(s *ldap.Server) { s.Password = "no" },
		"a base that is not there":  func(s *ldap.Server) { s.Base = "ou=gone," + ldaptest.Suffix },
		"people without the id":     func(s *ldap.Server) { s.ID = "employeeNumber" },
	} {
		if err := signIn(change); !fault.Is(err, fault.Unavailable) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// TestStuckDirectory has servers that hang, babble and close.
func TestStuckDirectory(t *testing.T) {
	for what, serve := range map[string]func(net.Conn){
		"silent":  func(c net.Conn) { time.Sleep(20 * time.Second) },
		"closing": func(c net.Conn) {},
		"endless": func(c net.Conn) {
			c.Write([]byte{0x30, 0x84, 0x7f, 0xff, 0xff, 0xff}) // an answer of 2 GiB begins
			for {
				if _, err := c.Write(make([]byte, 1<<20)); err != nil {
					return
				}
			}
		},
		"another language": func(c net.Conn) { fmt.Fprint(c, "HTTP/1.1 400 Bad Request\r\n\r\n") },
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			defer l.Close()
			go func() {
				for {
					c, err := l.Accept()
					if err != nil {
						return
					}
					go func() { defer c.Close(); serve(c) }()
				}
			}()
			ctx, stop := context.WithTimeout(t.Context(), time.Second)
			defer stop()
			server := ldap.Server{URLs: []string{"ldap://" + l.Addr().String()}, BindAs: "cn=x", Password: "y", Base: "dc=x", Filter: "(uid={login})", Login: "uid", ID: "entryUUID"}
			began := time.Now()
			if _, err := server.Authenticate(ctx, "ada", "secret", nil); !fault.Is(err, fault.Unavailable) {
				t.Errorf("it is %v", err)
			}
			if took := time.Since(began); took > 5*time.Second {
				t.Errorf("it took %s", took)
			}
		})
	}
}

func TestEverybody(t *testing.T) {
	var b strings.Builder
	b.WriteString(people())
	const more = 1200
	members := make([]string, more)
	for i := range more {
		uid := fmt.Sprintf("p%04d", i)
		b.WriteString(ldaptest.Person(uid, "P", fmt.Sprint(i), "Crowd"))
		members[i] = "uid=" + uid + ",ou=people"
	}
	b.WriteString(ldaptest.Group("crowd", members...))
	slapd := ldaptest.Start(t, b.String())
	seen := map[string]login.Identity{}
	if err := slapd.Server().Everybody(t.Context(), nil, func(p login.Identity) error {
		seen[p.Subject] = p
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if len(seen) != more+5 {
		t.Errorf("%d people, want %d", len(seen), more+5)
	}
	alone, err := slapd.Server().Authenticate(t.Context(), "ada", ldaptest.Password, nil)
	if err != nil {
		t.Fatal(err)
	}
	if p := seen[alone.Subject]; !slices.Equal(p.Groups, alone.Groups) || p.Fields["mail"] != alone.Fields["mail"] {
		t.Errorf("in the list Ada is %+v, alone %+v", p, alone)
	}
	stop := errors.New("enough")
	if err := slapd.Server().Everybody(t.Context(), nil, func(login.Identity) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("a list that is left: %v", err)
	}
}

func TestTraceKeepsNoSecret(t *testing.T) {
	slapd := ldaptest.Start(t, people())
	var trace login.Trace
	server := slapd.Server()
	if _, err := server.Authenticate(t.Context(), "ada", "my own secret", &trace); !fault.Is(err, fault.Unauthenticated) {
		t.Fatal(err)
	}
	told := fmt.Sprintf("%+v", trace.Lines)
	for _, wanted := range []string{"trace.ldap.connect[" + slapd.Secure, "trace.ldap.bind[" + ldaptest.Searcher, "(uid=ada)", "uid=ada,ou=people", "Invalid Credentials"} {
		if !strings.Contains(told, wanted) {
			t.Errorf("the trace does not tell %q: %s", wanted, told)
		}
	}
	for _, secret := range []string{"my own secret", ldaptest.SearcherPassword} {
		if strings.Contains(told, secret) {
			t.Errorf("the trace tells %q", secret)
		}
	}
}

func TestSettingsAreChecked(t *testing.T) {
	good := ldap.Server{URLs: []string{"ldaps://ad.example.org"}, Base: "dc=example,dc=org", Filter: "(uid={login})", Login: "uid", ID: "entryUUID"}
	if wrong := good.Check(); len(wrong) > 0 {
		t.Fatalf("refused: %v", wrong)
	}
	for field, change := range map[string]func(*ldap.Server){
		"urls":         func(s *ldap.Server) { s.URLs = []string{"https://ad.example.org"} },
		"roots":        func(s *ldap.Server) { s.Roots = "-----BEGIN" },
		"direct":       func(s *ldap.Server) { s.Direct = "uid=everyone" },
		"base":         func(s *ldap.Server) { s.Base = "example" },
		"filter":       func(s *ldap.Server) { s.Filter = "(uid={login}" },
		"login":        func(s *ldap.Server) { s.Login = "uid)(x" },
		"id":           func(s *ldap.Server) { s.ID = "" },
		"names":        func(s *ldap.Server) { s.Names = map[string]string{"mail": "1mail"} },
		"password":     func(s *ldap.Server) { s.BindAs = "cn=reader" },
		"group_filter": func(s *ldap.Server) { s.GroupBase, s.GroupName, s.Member = "ou=g", "cn", "member" },
	} {
		s := good
		change(&s)
		if wrong := s.Check(); wrong[field] == "" {
			t.Errorf("%s is not refused: %v", field, wrong)
		}
	}
	plain := good
	plain.URLs = []string{"ldap://ad.example.org"}
	if plain.Check()["urls"] == "" {
		t.Error("passwords may go unencrypted over the network")
	}
}
