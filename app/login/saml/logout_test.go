package saml_test

import (
	"compress/flate"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"io"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/beevik/etree"
	dsig "github.com/russellhaering/goxmldsig"

	"selfhelp/app/login"
	"selfhelp/app/login/saml"
	"selfhelp/app/login/saml/samltest"
)

// sent reads a message of ours as a provider does: its signature by our first
// certificate, and what it says.
func sent(t *testing.T, m saml.Message, as string) *etree.Element {
	t.Helper()
	cert := samltest.ReadPEM(known().ours.Keys[0].Certificate)
	if m.Fields != nil {
		return sentByForm(t, m, as, cert)
	}
	_, query, _ := strings.Cut(m.URL, "?")
	query = query[strings.Index(query, as+"="):]
	signed, encoded, _ := strings.Cut(query, "&Signature=")
	values, err := url.ParseQuery(query)
	if err != nil {
		t.Fatal(err)
	}
	if encoded != "" {
		signature, err := base64.StdEncoding.DecodeString(values.Get("Signature"))
		digest := sha256.Sum256([]byte(signed))
		if err != nil || rsa.VerifyPKCS1v15(cert.PublicKey.(*rsa.PublicKey), crypto.SHA256, digest[:], signature) != nil {
			t.Errorf("the signature over %s is not ours: %v", signed, err)
		}
	}
	packed, err := base64.StdEncoding.DecodeString(values.Get(as))
	if err != nil {
		t.Fatal(err)
	}
	raw, err := io.ReadAll(flate.NewReader(strings.NewReader(string(packed))))
	if err != nil {
		t.Fatal(err)
	}
	return rootOf(t, raw)
}

func sentByForm(t *testing.T, m saml.Message, as string, cert *x509.Certificate) *etree.Element {
	t.Helper()
	raw, err := base64.StdEncoding.DecodeString(m.Fields[as])
	if err != nil {
		t.Fatal(err)
	}
	root := rootOf(t, raw)
	if root.SelectElement("Signature") == nil {
		return root
	}
	ctx := dsig.NewDefaultValidationContext(&dsig.MemoryX509CertificateStore{Roots: []*x509.Certificate{cert}})
	ctx.Clock = dsig.NewFakeClockAt(now)
	read, err := ctx.Validate(root)
	if err != nil {
		t.Fatal(err)
	}
	if root.ChildElements()[1].Tag != "Signature" {
		t.Error("the signature does not stand behind the issuer")
	}
	return read
}

func rootOf(t *testing.T, raw []byte) *etree.Element {
	t.Helper()
	doc := etree.NewDocument()
	if err := doc.ReadFromBytes(raw); err != nil {
		t.Fatal(err)
	}
	return doc.Root()
}

func TestSignIn(t *testing.T) {
	for _, binding := range []string{saml.Redirect, saml.POST} {
		for _, signs := range []bool{true, false} {
			var trace login.Trace
			tr := trust(t, func(p *saml.Provider) {
				p.SSOBinding, p.Sign, p.Format, p.SSO = binding, signs, "persistent", "https://idp.example.org/sso?tenant=1"
			})
			m, err := tr.SignIn("state", false, now, &trace)
			if err != nil {
				t.Fatal(err)
			}
			r := sent(t, m, "SAMLRequest")
			for path, want := range map[string]string{"ID": m.ID, "Destination": "https://idp.example.org/sso?tenant=1", "AssertionConsumerServiceURL": known().ours.ACS, "IssueInstant": "2026-11-25T10:00:00Z", "Version": "2.0"} {
				if got := r.SelectAttrValue(path, ""); got != want || want == "" {
					t.Errorf("%s by %s is %q, want %q", path, binding, got, want)
				}
			}
			if textOf(r, "./Issuer") != known().ours.EntityID || r.FindElement("./NameIDPolicy").SelectAttrValue("Format", "") != samltest.Persistent {
				t.Errorf("by %s: %s", binding, samltest.Bytes(r))
			}
			isSigned := strings.Contains(m.URL, "&Signature=") || len(m.Fields) > 0 && strings.Contains(decode(t, m.Fields["SAMLRequest"]), "SignatureValue")
			if isSigned != signs || !strings.HasPrefix(m.URL, "https://idp.example.org/sso?tenant=1") {
				t.Errorf("by %s, signed %v: %s", binding, signs, m.URL)
			}
			if len(trace.Lines) != 1 || !strings.Contains(trace.Lines[0].Sent.String(), m.ID) {
				t.Errorf("the trace is %+v", trace.Lines)
			}
			if r.SelectAttr("ForceAuthn") != nil {
				t.Errorf("by %s somebody who is signed in there is asked to do it again", binding)
			}
			forced, err := tr.SignIn("", true, now, nil)
			if err != nil || sent(t, forced, "SAMLRequest").SelectAttrValue("ForceAuthn", "") != "true" {
				t.Errorf("by %s nobody is asked to sign in again: %v", binding, err)
			}
			again, err := tr.SignIn("", false, now, nil)
			if err != nil || again.ID == m.ID || strings.Contains(again.URL, "RelayState") || again.Fields["RelayState"] != "" {
				t.Errorf("again: %+v %v", again, err)
			}
		}
	}
}

func decode(t testing.TB, value string) string {
	t.Helper()
	raw, err := base64.StdEncoding.DecodeString(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func TestSignOut(t *testing.T) {
	session := saml.Session{NameID: saml.NameID{Value: "ada <&>", Format: samltest.Persistent, Qualifier: "q"}, Indexes: []string{"_1", "_2"}}
	for _, binding := range []string{saml.Redirect, saml.POST} {
		tr := trust(t, func(p *saml.Provider) { p.SLOBinding = binding })
		m, err := tr.SignOut(session, "state", now, nil)
		if err != nil {
			t.Fatal(err)
		}
		r := sent(t, m, "SAMLRequest")
		name := r.SelectElement("NameID")
		if r.Tag != "LogoutRequest" || name.Text() != "ada <&>" || name.SelectAttrValue("NameQualifier", "") != "q" || name.SelectAttr("SPNameQualifier") != nil || len(r.SelectElements("SessionIndex")) != 2 {
			t.Errorf("by %s: %s", binding, samltest.Bytes(r))
		}
		answer := known().idp.LogoutResponse(known().ours, m.ID, now)
		byQuery := saml.Incoming{Query: known().idp.Query("SAMLResponse", samltest.Deflate(samltest.Bytes(answer)), "state", samltest.Signing{})}
		known().idp.Sign(answer, samltest.Signing{})
		byForm := saml.Incoming{Value: samltest.Encode(answer)}
		for _, in := range []saml.Incoming{byQuery, byForm} {
			if err := tr.ReadSignedOut(in, m.ID, now, nil); err != nil {
				t.Errorf("by %s: %v", binding, err)
			}
			wantRefused(t, tr.ReadSignedOut(in, "_another", now, nil), "answers the request")
			wantRefused(t, tr.ReadSignedOut(in, "", now, nil), "nobody asked")
			_, _, err := tr.ReadLogout(in, now, nil)
			wantRefused(t, err, "")
		}
		failed := known().idp.LogoutResponse(known().ours, m.ID, now)
		failed.FindElement(".//StatusCode").CreateAttr("Value", "urn:oasis:names:tc:SAML:2.0:status:Requester")
		known().idp.Sign(failed, samltest.Signing{})
		wantRefused(t, tr.ReadSignedOut(saml.Incoming{Value: samltest.Encode(failed)}, m.ID, now, nil), "says Requester")
		unsigned := known().idp.LogoutResponse(known().ours, m.ID, now)
		wantRefused(t, tr.ReadSignedOut(saml.Incoming{Value: samltest.Encode(unsigned)}, m.ID, now, nil), "signed")
	}
}

// asked makes a request of the provider to log out, by either binding.
func asked(change func(e *etree.Element), s samltest.Signing) []saml.Incoming {
	idp, ours := known().idp, known().ours
	e := idp.LogoutRequest(ours, idp.Answer(ours, "", now), now)
	if change != nil {
		change(e)
	}
	query := idp.Query("SAMLRequest", samltest.Deflate(samltest.Bytes(e)), "state/é", s)
	idp.Sign(e, s)
	return []saml.Incoming{{Query: query}, {Value: samltest.Encode(e)}}
}

func TestLogoutAsked(t *testing.T) {
	for _, binding := range []string{saml.Redirect, saml.POST} {
		tr := trust(t, func(p *saml.Provider) { p.SLOBinding, p.SLOAnswer = binding, "https://idp.example.org/slo/answer" })
		_, session, err := consume(t, tr, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, in := range asked(nil, samltest.Signing{}) {
			l, relay, err := tr.ReadLogout(in, now, nil)
			if err != nil || l.Name != tr.Key(session.NameID) || !slices.Equal(l.Indexes, session.Indexes) {
				t.Errorf("%+v %v", l, err)
				continue
			}
			if want := map[bool]string{true: "state/é"}[in.Query != ""]; relay != want {
				t.Errorf("the relay state is %q, want %q", relay, want)
			}
			for done, code := range map[bool]string{true: "Success", false: "Responder"} {
				m, err := tr.AnswerLogout(l, done, relay, now, nil)
				if err != nil {
					t.Fatal(err)
				}
				r := sent(t, m, "SAMLResponse")
				if r.Tag != "LogoutResponse" || r.SelectAttrValue("InResponseTo", "") != l.ID || !strings.HasPrefix(m.URL, "https://idp.example.org/slo/answer") ||
					r.SelectAttrValue("Destination", "") != "https://idp.example.org/slo/answer" || !strings.HasSuffix(r.FindElement(".//StatusCode").SelectAttrValue("Value", ""), ":"+code) {
					t.Errorf("%s", samltest.Bytes(r))
				}
			}
		}
	}
}

func TestLogoutRefused(t *testing.T) {
	tr := trust(t, nil)
	for name, c := range map[string]struct {
		change  func(e *etree.Element)
		signing samltest.Signing
		reason  string
	}{
		"SHA-1":               {nil, samltest.Signing{Method: samltest.RSASHA1}, "not accepted"},
		"HMAC":                {nil, samltest.Signing{Method: samltest.HMAC, Secret: known().idp.Cert.Raw}, "not accepted"},
		"another destination": {func(e *etree.Element) { e.CreateAttr("Destination", known().ours.ACS) }, samltest.Signing{}, "sent to"},
		"another issuer":      {func(e *etree.Element) { e.SelectElement("Issuer").SetText("x") }, samltest.Signing{}, "issued by"},
		"no issuer":           {func(e *etree.Element) { e.SelectElement("Issuer").Tag = "Extension" }, samltest.Signing{}, "no issuer"},
		"ended":               {func(e *etree.Element) { e.CreateAttr("NotOnOrAfter", "2026-11-25T09:00:00Z") }, samltest.Signing{}, "held until"},
		"old":                 {func(e *etree.Element) { e.CreateAttr("IssueInstant", "2026-11-25T09:50:00Z") }, samltest.Signing{}, "the request is of"},
		"to come":             {func(e *etree.Element) { e.CreateAttr("IssueInstant", "2026-11-25T10:05:00Z") }, samltest.Signing{}, "to come"},
		"nobody":              {func(e *etree.Element) { e.SelectElement("NameID").Tag = "EncryptedID" }, samltest.Signing{}, "one person"},
		"an assertion inside": {func(e *etree.Element) { e.CreateElement("saml:Assertion"); e.CreateElement("saml:Assertion") }, samltest.Signing{}, "where none belongs"},
	} {
		for i, in := range asked(c.change, c.signing) {
			l, _, err := tr.ReadLogout(in, now, nil)
			if err == nil {
				t.Errorf("%s, %d: %+v", name, i, l)
			}
			wantRefused(t, err, c.reason)
		}
	}
	good := asked(nil, samltest.Signing{})
	query, form := good[0].Query, good[1].Value
	bare := strings.Replace(decode(t, form), "</samlp:LogoutRequest>", "<samlp:SessionIndex>x</samlp:SessionIndex></samlp:LogoutRequest>", 1)
	unsigned := known().idp.LogoutRequest(known().ours, known().idp.Answer(known().ours, "", now), now)
	for name, in := range map[string]saml.Incoming{
		"nothing":                    {},
		"no signature":               {Query: query[:strings.Index(query, "&SigAlg")]},
		"an empty signature":         {Query: query[:strings.Index(query, "&Signature")] + "&Signature="},
		"not signed by POST":         {Value: samltest.Encode(unsigned)},
		"changed by POST":            {Value: base64.StdEncoding.EncodeToString([]byte(bare))},
		"another relay state":        {Query: strings.Replace(query, "RelayState=s", "RelayState=t", 1)},
		"twice":                      {Query: query + "&SAMLRequest=x"},
		"twice in disguise":          {Query: query + "&SAML%52equest=x"},
		"signed inside, not outside": {Query: "SAMLRequest=" + url.QueryEscape(samltest.Deflate([]byte(decode(t, form))))},
		"a stranger":                 {Query: known().other.Query("SAMLRequest", samltest.Deflate(samltest.Bytes(unsigned)), "", samltest.Signing{})},
		"signed as an answer":        {Query: known().idp.Query("SAMLResponse", samltest.Deflate(samltest.Bytes(unsigned)), "", samltest.Signing{})},
		"too long":                   {Query: "SAMLRequest=" + strings.Repeat("A", 3<<20)},
		"bad escapes":                {Query: "SAMLRequest=%zz"},
		"a document type":            {Query: known().idp.Query("SAMLRequest", samltest.Deflate([]byte("<!DOCTYPE a><a/>")), "", samltest.Signing{})},
		"not deflated":               {Query: known().idp.Query("SAMLRequest", "AAAA", "", samltest.Signing{})},
	} {
		l, _, err := tr.ReadLogout(in, now, nil)
		if err == nil {
			t.Errorf("%s: %+v", name, l)
		}
		wantRefused(t, err, "")
	}
}

func TestCannotSignOut(t *testing.T) {
	named := saml.Session{NameID: saml.NameID{Value: "ada"}}
	without := trust(t, func(p *saml.Provider) { p.SLO, p.SLOBinding = "", "" })
	if !trust(t, nil).CanSignOut(named) || trust(t, nil).CanSignOut(saml.Session{}) || without.CanSignOut(named) {
		t.Error("who can be asked to sign somebody out is mistaken")
	}
	if m, err := without.SignOut(named, "", now, nil); err == nil {
		t.Errorf("a request goes to %q", m.URL)
	}
	if m, err := without.AnswerLogout(saml.Logout{ID: "_l"}, true, "", now, nil); err == nil {
		t.Errorf("an answer goes to %q", m.URL)
	}
}
