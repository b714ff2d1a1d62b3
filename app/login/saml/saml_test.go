package saml_test

import (
	"context"
	"crypto"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/beevik/etree"

	"selfhelp/app/fault"
	"selfhelp/app/login"
	"selfhelp/app/login/saml"
	"selfhelp/app/login/saml/samltest"
)

var now = time.Date(2026, 11, 25, 10, 0, 0, 0, time.UTC)

// peers are made once, for keys take their time.
type peers struct {
	idp, other, weak *samltest.Provider
	ours             saml.ServiceProvider
}

var known = sync.OnceValue(func() peers {
	p := peers{
		idp:   samltest.New("https://idp.example.org", 2048, now),
		other: samltest.New("https://other.example.org", 2048, now),
		weak:  samltest.New("https://idp.example.org", 1024, now),
		ours:  saml.ServiceProvider{EntityID: "https://help.example.org/saml", ACS: "https://help.example.org/saml/acs", SLO: "https://help.example.org/saml/slo"},
	}
	for range 2 {
		pair, err := saml.NewKeyPair("help.example.org", now, now.AddDate(3, 0, 0))
		if err != nil {
			panic(err)
		}
		p.ours.Keys = append(p.ours.Keys, pair)
	}
	return p
})

// certOf reads one of our certificates, to encrypt for it.
func certOf(t testing.TB, i int) *samltest.Encryption {
	t.Helper()
	return &samltest.Encryption{For: samltest.ReadPEM(known().ours.Keys[i].Certificate)}
}

// memory is a Replay that forgets with the process.
type memory struct {
	seen map[string]time.Time
	err  error
}

func (m *memory) Fresh(_ context.Context, key string, until time.Time) (bool, error) {
	if m.seen == nil {
		m.seen = map[string]time.Time{}
	}
	_, before := m.seen[key]
	m.seen[key] = until
	return !before, m.err
}

func trust(t testing.TB, change func(*saml.Provider)) *saml.Trust {
	t.Helper()
	settings := known().idp.Settings()
	if change != nil {
		change(&settings)
	}
	tr, err := saml.NewTrust(known().ours, settings)
	if err != nil {
		t.Fatal(err)
	}
	return tr
}

// consume makes an answer to the request _q, changed, and brings it.
func consume(t *testing.T, tr *saml.Trust, change func(*samltest.Answer)) (login.Identity, saml.Session, error) {
	t.Helper()
	a := known().idp.Answer(known().ours, "_q", now)
	if change != nil {
		change(&a)
	}
	return tr.Consume(t.Context(), known().idp.Make(a), "_q", &memory{}, now, nil)
}

// wantRefused holds when an answer was refused for a reason, and the person is
// told none.
func wantRefused(t *testing.T, err error, reason string) {
	t.Helper()
	if !fault.Is(err, fault.Unauthenticated) || !strings.Contains(err.Error(), reason) {
		t.Errorf("refused with %v, want for %q", err, reason)
	}
	if key, args := fault.TextOf(err); err != nil && (key != "fault.saml.refused" || len(args) > 0) {
		t.Errorf("the person is told %s %v", key, args)
	}
}

func TestConsume(t *testing.T) {
	for name, change := range map[string]func(*samltest.Answer){
		"the assertion is signed":    nil,
		"the answer is signed":       func(a *samltest.Answer) { a.SignAnswer, a.SignAssertion = true, false },
		"both are signed":            func(a *samltest.Answer) { a.SignAnswer = true },
		"without KeyInfo":            func(a *samltest.Answer) { a.Signing.Bare, a.SignAnswer = true, true },
		"with inclusive prefixes":    func(a *samltest.Answer) { a.Signing.Prefixes = "xs saml" },
		"encrypted":                  func(a *samltest.Answer) { a.Encryption = certOf(t, 0) },
		"encrypted for the next key": func(a *samltest.Answer) { a.Encryption = certOf(t, 1) },
		"encrypted, answer signed":   func(a *samltest.Answer) { a.Encryption, a.SignAssertion, a.SignAnswer = certOf(t, 0), false, true },
		"encrypted, both signed":     func(a *samltest.Answer) { a.Encryption, a.SignAnswer = certOf(t, 0), true },
		"encrypted with CBC, answer signed": func(a *samltest.Answer) {
			a.Encryption, a.SignAssertion, a.SignAnswer = certOf(t, 0), false, true
			a.Encryption.Method = samltest.AES256CBC
		},
		"encrypted, key beside": func(a *samltest.Answer) { a.Encryption = certOf(t, 0); a.Encryption.Beside = true },
		"encrypted with other methods": func(a *samltest.Answer) {
			a.Encryption = certOf(t, 0)
			a.Encryption.Method, a.Encryption.Key = samltest.AES128GCM, samltest.OAEP
			a.Encryption.Hash, a.Encryption.MaskHash = crypto.SHA256, crypto.SHA256
		},
		"encrypted with SHA-256 and a mask of SHA-1": func(a *samltest.Answer) {
			a.Encryption = certOf(t, 0)
			a.Encryption.Hash, a.Encryption.MaskHash = crypto.SHA256, crypto.SHA1
		},
		"without a destination": func(a *samltest.Answer) { a.Destination = "" },
		"a clock a minute late": func(a *samltest.Answer) {
			a.NotOnOrAfter, a.ConfirmedUntil = now.Add(-time.Minute), now.Add(-time.Minute)
		},
		"a clock a minute early": func(a *samltest.Answer) { a.NotBefore, a.Issued = now.Add(time.Minute), now.Add(time.Minute) },
	} {
		id, session, err := consume(t, trust(t, nil), change)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if id.Subject != "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent!!!ada" || id.Login != "ada" || id.Fields["first_name"] != "Ada" || id.Fields["mail"] != "ada@example.org" || id.Fields["entity"] != "Sales" {
			t.Errorf("%s: %+v", name, id)
		}
		if ago := now.Sub(id.Proved); ago < -time.Minute || ago > time.Minute {
			t.Errorf("%s: proved at %v", name, id.Proved)
		}
		if !slices.Equal(id.Groups, []string{"europe", "lyon"}) {
			t.Errorf("%s: in the groups %q", name, id.Groups)
		}
		if session.NameID.Value != "ada" || !slices.Equal(session.Indexes, []string{"_s1"}) || !session.Until.Equal(now.Add(8*time.Hour)) {
			t.Errorf("%s: the session %+v", name, session)
		}
	}
}

func TestIdentifiedByAnAttribute(t *testing.T) {
	byUID := trust(t, func(p *saml.Provider) { p.ID, p.Login = "uid", "uid" })
	transient := func(a *samltest.Answer) {
		a.Name, a.Format = "_4f2", "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"
	}
	id, session, err := consume(t, byUID, transient)
	if err != nil || id.Subject != "attribute!uid!ada.lovelace" || id.Login != "ada.lovelace" || session.NameID.Value != "_4f2" {
		t.Errorf("%+v %+v %v", id, session, err)
	}
	_, _, err = consume(t, trust(t, nil), transient)
	wantRefused(t, err, "transient")
	_, _, err = consume(t, byUID, func(a *samltest.Answer) { a.Attributes["uid"] = []string{"ada", "admin"} })
	wantRefused(t, err, "not one value")
	_, _, err = consume(t, byUID, func(a *samltest.Answer) { delete(a.Attributes, "uid") })
	wantRefused(t, err, "not one value")
}

func TestRollOver(t *testing.T) {
	both := trust(t, func(p *saml.Provider) { p.Certificates = known().other.PEM() + known().idp.PEM() })
	for _, by := range []*samltest.Provider{known().idp, known().other} {
		if _, _, err := consume(t, both, func(a *samltest.Answer) { a.Signing.By = by }); err != nil {
			t.Errorf("signed by %s: %v", by.EntityID, err)
		}
	}
	later := now.AddDate(0, 7, 0)
	a := known().idp.Answer(known().ours, "_q", later)
	_, _, err := both.Consume(t.Context(), known().idp.Make(a), "_q", &memory{}, later, nil)
	wantRefused(t, err, "not valid at this time")
	list := saml.Expiries(known().ours, known().idp.Settings(), later)
	if len(list) != 1 || list[0].Ours || list[0].Name != known().idp.EntityID {
		t.Errorf("ending: %+v", list)
	}
	if list := saml.Expiries(known().ours, known().idp.Settings(), now.AddDate(4, 0, 0)); len(list) != 3 || !list[2].Ours {
		t.Errorf("ending in four years: %+v", list)
	}
}

func TestUnsolicited(t *testing.T) {
	unasked := known().idp.Answer(known().ours, "", now)
	asked := known().idp.Answer(known().ours, "_q", now)
	open := trust(t, func(p *saml.Provider) { p.Unsolicited = true })
	if _, _, err := open.Consume(t.Context(), known().idp.Make(unasked), "", &memory{}, now, nil); err != nil {
		t.Errorf("unasked, and allowed: %v", err)
	}
	_, _, err := trust(t, nil).Consume(t.Context(), known().idp.Make(unasked), "", &memory{}, now, nil)
	wantRefused(t, err, "nobody asked")
	_, _, err = open.Consume(t.Context(), known().idp.Make(asked), "", &memory{}, now, nil)
	wantRefused(t, err, "answers the request")
	_, _, err = open.Consume(t.Context(), known().idp.Make(unasked), "_q", &memory{}, now, nil)
	wantRefused(t, err, "answers the request")
}

// TestManyGroups reads a large answer, which is no attack.
func TestManyGroups(t *testing.T) {
	groups := make([]string, 2000)
	for i := range groups {
		groups[i] = fmt.Sprintf("CN=Group %04d,OU=Groups,DC=example,DC=org", i)
	}
	for _, sealed := range []*samltest.Encryption{nil, certOf(t, 0)} {
		id, _, err := consume(t, trust(t, nil), func(a *samltest.Answer) {
			a.Attributes["memberOf"], a.SignAnswer, a.Encryption = groups, true, sealed
		})
		if err != nil || len(id.Groups) != 2000 {
			t.Errorf("%d groups, %v", len(id.Groups), err)
		}
	}
}

func TestReplayMemoryFails(t *testing.T) {
	broken := errors.New("the disk is full")
	a := known().idp.Answer(known().ours, "_q", now)
	_, _, err := trust(t, nil).Consume(t.Context(), known().idp.Make(a), "_q", &memory{err: broken}, now, nil)
	if !errors.Is(err, broken) || fault.Is(err, fault.Unauthenticated) {
		t.Errorf("%v", err)
	}
}

func TestTraceTellsNoSecret(t *testing.T) {
	var trace login.Trace
	a := known().idp.Answer(known().ours, "_q", now)
	a.Encryption = certOf(t, 0)
	if _, _, err := trust(t, nil).Consume(t.Context(), known().idp.Make(a), "_q", &memory{}, now, &trace); err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, line := range trace.Lines {
		b.WriteString(line.Sent.String() + " → " + line.Answer.String() + "\n")
	}
	for _, secret := range []string{"ada", "Ada", "Sales", "lyon", "BEGIN"} {
		if strings.Contains(b.String(), secret) {
			t.Errorf("the trace tells %q:\n%s", secret, b.String())
		}
	}
	for _, told := range []string{a.ID, a.AssertionID, a.Issuer, "department", "persistent", "2.5.4.42 2]", "Success"} {
		if !strings.Contains(b.String(), told) {
			t.Errorf("the trace does not tell %q:\n%s", told, b.String())
		}
	}
	a.Signing.By = known().other
	trace = login.Trace{}
	_, _, err := trust(t, nil).Consume(t.Context(), known().idp.Make(a), "_q", &memory{}, now, &trace)
	wantRefused(t, err, "no pinned certificate")
	if last := trace.Lines[len(trace.Lines)-1]; !last.Failed || !strings.Contains(last.Answer.String(), "no pinned certificate") {
		t.Errorf("the trace ends with %+v", last)
	}
}

func TestKey(t *testing.T) {
	tr := trust(t, nil)
	keys := map[string]saml.NameID{}
	for _, n := range []saml.NameID{
		{Value: "ada"}, {Value: "Ada"}, {Value: "ada", Format: samltest.Persistent}, {Value: "ada", Qualifier: "https://other.example.org"},
		{Value: "ada", SPQualifier: "x"}, {Value: "x!ada"}, {Value: "ada", Qualifier: "x"}, {Value: "!ada", Qualifier: "x"},
	} {
		if before, taken := keys[tr.Key(n)]; taken {
			t.Errorf("%+v and %+v have the key %q", n, before, tr.Key(n))
		}
		keys[tr.Key(n)] = n
	}
	same := saml.NameID{Value: "ada", Format: "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified", Qualifier: known().idp.EntityID, SPQualifier: known().ours.EntityID}
	if tr.Key(same) != tr.Key(saml.NameID{Value: "ada"}) {
		t.Errorf("what may be left out counts: %q", tr.Key(same))
	}
}

func TestProviderCheck(t *testing.T) {
	good := known().idp.Settings()
	if wrong := good.Check(); len(wrong) > 0 {
		t.Fatalf("refused: %v", wrong)
	}
	for field, changes := range map[string][]func(*saml.Provider){
		"entity_id":    {func(p *saml.Provider) { p.EntityID = "" }, func(p *saml.Provider) { p.EntityID = " x" }},
		"sso":          {func(p *saml.Provider) { p.SSO = "http://idp.example.org" }, func(p *saml.Provider) { p.SSO = "javascript:alert(1)" }, func(p *saml.Provider) { p.SSO = "" }},
		"sso_binding":  {func(p *saml.Provider) { p.SSOBinding = "soap" }},
		"slo":          {func(p *saml.Provider) { p.SLO = "//evil.example" }},
		"slo_binding":  {func(p *saml.Provider) { p.SLOBinding = "" }},
		"slo_answer":   {func(p *saml.Provider) { p.SLOAnswer = "ftp://x" }},
		"certificates": {func(p *saml.Provider) { p.Certificates = "" }, func(p *saml.Provider) { p.Certificates += "x" }, func(p *saml.Provider) { p.Certificates = known().weak.PEM() }},
		"format":       {func(p *saml.Provider) { p.Format = "kerberos" }},
		"id":           {func(p *saml.Provider) { p.Format = "transient" }, func(p *saml.Provider) { p.ID = "a\n" }},
		"login":        {func(p *saml.Provider) { p.Login = " uid" }},
		"groups":       {func(p *saml.Provider) { p.Groups = "x\x00" }},
		"names":        {func(p *saml.Provider) { p.Names = map[string]string{"mail": ""} }},
	} {
		for i, change := range changes {
			p := good
			p.Names = maps.Clone(good.Names)
			change(&p)
			if wrong := p.Check(); wrong[field] == "" || len(wrong) != 1 {
				t.Errorf("%s, %d: %v", field, i, wrong)
			}
		}
	}
	p := good
	p.SSO = "http://localhost:8080/sso"
	if wrong := p.Check(); len(wrong) > 0 {
		t.Errorf("on this very machine: %v", wrong)
	}
	p.Certificates = known().weak.PEM()
	if _, err := saml.NewTrust(known().ours, p); err == nil {
		t.Error("a weak certificate is trusted")
	}
}

// textOf is what an element has inside.
func textOf(e *etree.Element, path string) string {
	if found := e.FindElement(path); found != nil {
		return found.Text()
	}
	return ""
}
