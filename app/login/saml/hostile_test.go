package saml_test

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"io"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/beevik/etree"

	"selfhelp/app/login/saml"
	"selfhelp/app/login/saml/samltest"
)

// TestWrapped brings signed answers wrapped around forged ones (H55).
func TestWrapped(t *testing.T) {
	for name, wrap := range samltest.Wrappings {
		for _, both := range []bool{false, true} {
			id, _, err := consume(t, trust(t, nil), func(a *samltest.Answer) {
				isAnswer := name == "XSW1" || name == "XSW2"
				a.SignAnswer, a.SignAssertion = isAnswer || both, !isAnswer || both
				a.After = wrap
			})
			if err == nil || id.Subject != "" {
				t.Errorf("%s: signed in as %+v", name, id)
			}
			reason := "where none belongs"
			if name == "XSW7" {
				reason = "twice" // its two assertions have one ID
			}
			wantRefused(t, err, reason)
		}
	}
}

// TestWrappedInDisguise wraps where only the reference to the ID tells (H55).
func TestWrappedInDisguise(t *testing.T) {
	cases := map[string]struct {
		after  func(r *etree.Element)
		reason string
	}{
		"the forged answer has another ID": {func(r *etree.Element) {
			r.CreateAttr("ID", "_evil")
		}, "something else"},
		"the assertion has another ID": {func(r *etree.Element) {
			r.SelectElement("Assertion").CreateAttr("ID", "_evil")
		}, "something else"},
		"an ID with a prefix beside it": {func(r *etree.Element) {
			a := r.SelectElement("Assertion")
			a.CreateAttr("xmlns:x", "urn:x")
			a.CreateAttr("x:ID", "_x")
		}, "twice"},
		"the assertion has another name": {func(r *etree.Element) {
			other := r.SelectElement("Assertion").Copy()
			other.Tag = "Claim"
			r.InsertChildAt(1, other)
		}, "twice"},
		"the assertion is of another namespace": {func(r *etree.Element) {
			a := r.SelectElement("Assertion")
			a.Space = "samlp"
		}, "no assertion"},
		"a reference to all": {func(r *etree.Element) {
			r.FindElement(".//Reference").CreateAttr("URI", "")
		}, "something else"},
		"the name was changed": {func(r *etree.Element) {
			r.FindElement(".//NameID").SetText("admin")
		}, "no pinned certificate"},
	}
	for name, c := range cases {
		_, _, err := consume(t, trust(t, nil), func(a *samltest.Answer) {
			a.After = c.after
			a.SignAnswer = name == "the forged answer has another ID"
		})
		if err == nil {
			t.Errorf("%s: signed in", name)
		}
		wantRefused(t, err, c.reason)
	}
}

// TestUnsigned brings answers that are signed by nobody, or only elsewhere (H56).
func TestUnsigned(t *testing.T) {
	for name, change := range map[string]func(*samltest.Answer){
		"nothing is signed": func(a *samltest.Answer) { a.SignAssertion = false },
		"encrypted, nothing is signed": func(a *samltest.Answer) {
			a.SignAssertion, a.Encryption = false, certOf(t, 0)
		},
		"an empty signature": func(a *samltest.Answer) {
			a.After = func(r *etree.Element) {
				sig := r.FindElement("./Assertion/Signature")
				sig.Child = nil
			}
		},
	} {
		_, _, err := consume(t, trust(t, nil), change)
		if err == nil {
			t.Errorf("%s: signed in", name)
		}
		wantRefused(t, err, "sign")
	}
}

// TestAnotherAssertion puts an assertion of another person beside the signed one,
// in clear and encrypted, before it and behind it (H56).
func TestAnotherAssertion(t *testing.T) {
	evil := known().idp.Answer(known().ours, "_q", now)
	evil.Name, evil.AssertionID, evil.SignAssertion = "admin", "_evil", false
	sealed := evil
	sealed.Encryption = certOf(t, 0)
	for _, other := range []samltest.Answer{evil, sealed} {
		made := known().idp.Element(other).ChildElements()[2]
		for _, at := range []int{0, 1, 2, 3, 4} {
			for _, both := range []bool{true, false} {
				_, _, err := consume(t, trust(t, nil), func(a *samltest.Answer) {
					put := func(r *etree.Element) { r.InsertChildAt(at, made.Copy()) }
					if a.SignAnswer = both; both {
						a.Bend = put // even signed by the provider
					} else {
						a.After = put
					}
				})
				wantRefused(t, err, "")
			}
		}
	}
}

// TestDuplicateIDs refuses a message in which an ID means two elements (H56).
func TestDuplicateIDs(t *testing.T) {
	for _, attribute := range []string{"ID", "Id", "id", "xml:id"} {
		_, _, err := consume(t, trust(t, nil), func(a *samltest.Answer) {
			a.Bend = func(r *etree.Element) { r.SelectElement("Status").CreateAttr(attribute, a.AssertionID) }
		})
		wantRefused(t, err, "twice")
	}
}

// TestCommentInName reads the whole name, whatever stands between (H57).
func TestCommentInName(t *testing.T) {
	for _, name := range []string{"admin<!-- -->.evil", "<!-- -->admin.evil", "admin<!---->.e<!-- x -->vil", "admin<![CDATA[.evil]]>", "admin&#46;evil"} {
		for _, sealed := range []*samltest.Encryption{nil, certOf(t, 0)} {
			id, _, err := consume(t, trust(t, nil), func(a *samltest.Answer) { a.Name, a.Encryption = name, sealed })
			if err != nil || id.Login != "admin.evil" || !strings.HasSuffix(id.Subject, "!admin.evil") {
				t.Errorf("%s is read as %q, %q: %v", name, id.Login, id.Subject, err)
			}
		}
	}
	after, _, err := consume(t, trust(t, nil), func(a *samltest.Answer) {
		a.Name = "admin.evil"
		a.After = func(r *etree.Element) { // a comment does not break the signature, nor the name
			n := r.FindElement(".//NameID")
			n.SetText("admin")
			n.AddChild(etree.NewComment(" "))
			n.AddChild(etree.NewText(".evil"))
		}
	})
	if err != nil || after.Login != "admin.evil" {
		t.Errorf("%q %v", after.Login, err)
	}
	for _, name := range []string{"admin<x/>.evil", " admin", "admin ", "admin\n", "", strings.Repeat("a", 1001)} {
		if id, _, err := consume(t, trust(t, nil), func(a *samltest.Answer) { a.Name = name }); err == nil && id.Login != "admin.evil" {
			t.Errorf("%q is read as %q", name, id.Login)
		}
	}
}

// TestReplayed brings one answer twice, and once more after a new start (H58).
func TestReplayed(t *testing.T) {
	kept := &memory{}
	a := known().idp.Answer(known().ours, "_q", now)
	response := known().idp.Make(a)
	if _, _, err := trust(t, nil).Consume(t.Context(), response, "_q", kept, now, nil); err != nil {
		t.Fatal(err)
	}
	for key, until := range kept.seen {
		if until.Before(a.ConfirmedUntil.Add(saml.Skew)) {
			t.Errorf("%s is forgotten at %s, and taken until %s", key, until, a.ConfirmedUntil.Add(saml.Skew))
		}
	}
	_, _, err := trust(t, nil).Consume(t.Context(), response, "_q", kept, now, nil)
	wantRefused(t, err, "brought before")
	a.ID = "_another" // the same assertion in another answer
	_, _, err = trust(t, nil).Consume(t.Context(), known().idp.Make(a), "_q", kept, now, nil)
	wantRefused(t, err, "brought before")
}

// TestNotForUs brings answers to others, of others, or of another time (H58).
func TestNotForUs(t *testing.T) {
	cases := map[string]struct {
		change func(*samltest.Answer)
		reason string
	}{
		"expired":              {func(a *samltest.Answer) { a.NotOnOrAfter = now.Add(-saml.Skew) }, "held until"},
		"not yet":              {func(a *samltest.Answer) { a.NotBefore = now.Add(saml.Skew + time.Second) }, "holds only from"},
		"confirmed until then": {func(a *samltest.Answer) { a.ConfirmedUntil = now.Add(-saml.Skew) }, "held until"},
		"the session ended":    {func(a *samltest.Answer) { a.SessionUntil = now.Add(-saml.Skew) }, "held until"},
		"issued tomorrow":      {func(a *samltest.Answer) { a.Issued = now.Add(24 * time.Hour) }, "still to come"},
		"another audience":     {func(a *samltest.Answer) { a.Audience = "https://other.example.org" }, "audience"},
		"a longer audience":    {func(a *samltest.Answer) { a.Audience += "/" }, "audience"},
		"another recipient":    {func(a *samltest.Answer) { a.Recipient = "https://other.example.org/acs" }, "it is for"},
		"no recipient":         {func(a *samltest.Answer) { a.Recipient = "" }, "it is for"},
		"another destination":  {func(a *samltest.Answer) { a.Destination = "https://other.example.org/acs" }, "sent to"},
		"another request":      {func(a *samltest.Answer) { a.Request = "_another" }, "answers the request"},
		"no request":           {func(a *samltest.Answer) { a.Request = "" }, "answers the request"},
		"another issuer":       {func(a *samltest.Answer) { a.Issuer = "https://other.example.org" }, "issued by"},
		"it failed":            {func(a *samltest.Answer) { a.Status = "urn:oasis:names:tc:SAML:2.0:status:Responder" }, "says Responder"},
		"another version": {func(a *samltest.Answer) {
			a.BendAssertion = func(e *etree.Element) { e.CreateAttr("Version", "1.1") }
		}, "version"},
		"only the confirmation names another request": {func(a *samltest.Answer) {
			a.BendAssertion = func(e *etree.Element) {
				e.FindElement(".//SubjectConfirmationData").CreateAttr("InResponseTo", "_another")
			}
		}, "answers the request"},
		"another way to confirm": {func(a *samltest.Answer) {
			a.BendAssertion = func(e *etree.Element) {
				e.FindElement(".//SubjectConfirmation").CreateAttr("Method", "urn:oasis:names:tc:SAML:2.0:cm:sender-vouches")
			}
		}, "not confirmed"},
		"no end of the confirmation": {func(a *samltest.Answer) {
			a.BendAssertion = func(e *etree.Element) { e.FindElement(".//SubjectConfirmationData").RemoveAttr("NotOnOrAfter") }
		}, "no end"},
		"no audience": {func(a *samltest.Answer) {
			a.BendAssertion = func(e *etree.Element) {
				c := e.SelectElement("Conditions")
				c.RemoveChild(c.SelectElement("AudienceRestriction"))
			}
		}, "no audience"},
		"a second audience that is not ours": {func(a *samltest.Answer) {
			a.BendAssertion = func(e *etree.Element) {
				e.SelectElement("Conditions").CreateElement("saml:AudienceRestriction").CreateElement("saml:Audience").SetText("x")
			}
		}, "audience"},
		"a condition nobody knows": {func(a *samltest.Answer) {
			a.BendAssertion = func(e *etree.Element) { e.SelectElement("Conditions").CreateElement("saml:Condition") }
		}, "not known"},
		"no conditions": {func(a *samltest.Answer) {
			a.BendAssertion = func(e *etree.Element) { e.RemoveChild(e.SelectElement("Conditions")) }
		}, "no conditions"},
		"nobody signed in": {func(a *samltest.Answer) {
			a.BendAssertion = func(e *etree.Element) { e.RemoveChild(e.SelectElement("AuthnStatement")) }
		}, "signed in"},
		"two subjects": {func(a *samltest.Answer) {
			a.BendAssertion = func(e *etree.Element) { e.AddChild(e.SelectElement("Subject").Copy()) }
		}, "one person"},
		"two names": {func(a *samltest.Answer) {
			a.BendAssertion = func(e *etree.Element) { e.SelectElement("Subject").CreateElement("saml:NameID").SetText("admin") }
		}, "several names"},
		"a name that alone is encrypted": {func(a *samltest.Answer) {
			a.BendAssertion = func(e *etree.Element) {
				subject := e.SelectElement("Subject")
				subject.RemoveChild(subject.SelectElement("NameID"))
				subject.InsertChildAt(0, etree.NewElement("saml:EncryptedID"))
			}
		}, "EncryptedID"},
	}
	for name, c := range cases {
		_, _, err := consume(t, trust(t, nil), c.change)
		if err == nil {
			t.Errorf("%s: signed in", name)
		}
		wantRefused(t, err, c.reason)
	}
}

// TestAlgorithmsArePinned brings what is signed or encrypted in ways that are not
// accepted, by keys that are not pinned or too weak (H59).
func TestAlgorithmsArePinned(t *testing.T) {
	stranger := samltest.New(known().idp.EntityID, 2048, now) // calls itself as the provider does
	cases := map[string]struct {
		signing samltest.Signing
		reason  string
	}{
		"a stranger's key, and its certificate in the message": {samltest.Signing{By: stranger}, "no pinned certificate"},
		"a stranger's key, and the provider's certificate":     {samltest.Signing{By: stranger, KeyInfo: known().idp.Cert}, "no pinned certificate"},
		"HMAC with the public certificate":                     {samltest.Signing{Method: samltest.HMAC, Secret: known().idp.Cert.Raw}, "not accepted"},
		"HMAC called RSA":                                      {samltest.Signing{Secret: []byte(known().idp.PEM())}, "no pinned certificate"},
		"SHA-1":                                                {samltest.Signing{Method: samltest.RSASHA1}, "not accepted"},
		"digest by SHA-1":                                      {samltest.Signing{Digest: samltest.SHA1}, "not accepted"},
		"XSLT":                                                 {samltest.Signing{Transforms: []string{samltest.Enveloped, samltest.XSLT}}, "not accepted"},
		"XSLT besides":                                         {samltest.Signing{Transforms: []string{samltest.XSLT, samltest.Enveloped, samltest.Exclusive}}, "made up"},
		"no transforms":                                        {samltest.Signing{Transforms: []string{}}, "made up"},
		"comments are signed":                                  {samltest.Signing{Transforms: []string{samltest.Enveloped, samltest.Comments}}, "not accepted"},
		"inclusive canonical form":                             {samltest.Signing{Form: "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"}, "not accepted"},
		"twice enveloped":                                      {samltest.Signing{Transforms: []string{samltest.Enveloped, samltest.Enveloped}}, "not accepted"},
		"a second reference": {samltest.Signing{Bend: func(sig *etree.Element) {
			info := sig.SelectElement("SignedInfo")
			info.AddChild(info.SelectElement("Reference").Copy())
		}}, "made up"},
		"a truncated HMAC": {samltest.Signing{Method: samltest.HMAC, Secret: []byte{1}, Bend: func(sig *etree.Element) {
			sig.FindElement(".//SignatureMethod").CreateElement("ds:HMACOutputLength").SetText("8")
		}}, "not accepted"},
		"a reference to a file": {samltest.Signing{Bend: func(sig *etree.Element) {
			sig.FindElement(".//Reference").CreateAttr("URI", "file:///etc/passwd")
		}}, "something else"},
	}
	for name, c := range cases {
		for _, onAnswer := range []bool{false, true} {
			_, _, err := consume(t, trust(t, nil), func(a *samltest.Answer) {
				a.Signing, a.SignAnswer, a.SignAssertion = c.signing, onAnswer, !onAnswer
			})
			if err == nil {
				t.Errorf("%s: signed in", name)
			}
			wantRefused(t, err, c.reason)
		}
	}
}

// TestEncryptionIsPinned (H59): CBC in no answer that anybody could have changed,
// never PKCS #1 v1.5, and only our keys.
func TestEncryptionIsPinned(t *testing.T) {
	cases := map[string]struct {
		change func(*samltest.Encryption)
		reason string
	}{
		"CBC":            {func(e *samltest.Encryption) { e.Method = samltest.AES256CBC }, "sign the Response too"},
		"triple DES":     {func(e *samltest.Encryption) { e.Method = samltest.TripleDES }, "not accepted"},
		"PKCS #1 v1.5":   {func(e *samltest.Encryption) { e.Key = samltest.PKCS1 }, "not accepted"},
		"somebody's key": {func(e *samltest.Encryption) { e.For = known().other.Cert }, "cannot be decrypted"},
	}
	for name, c := range cases {
		e := certOf(t, 0)
		c.change(e)
		_, _, err := consume(t, trust(t, nil), func(a *samltest.Answer) { a.Encryption = e })
		if err == nil {
			t.Errorf("%s: signed in", name)
		}
		wantRefused(t, err, c.reason)
	}
	_, _, err := consume(t, trust(t, nil), func(a *samltest.Answer) {
		a.SignAnswer, a.Encryption = true, certOf(t, 0)
		a.Encryption.Method = samltest.AES256CBC
		a.After = func(r *etree.Element) {
			v := r.FindElement("./EncryptedAssertion/EncryptedData/CipherData/CipherValue")
			v.SetText("AAAA" + strings.TrimSpace(v.Text())[4:])
		}
	})
	wantRefused(t, err, "the Response: ") // before anything is decrypted
	for name, change := range map[string]func(r *etree.Element){
		"text changed": func(r *etree.Element) {
			v := r.FindElement("./EncryptedAssertion/EncryptedData/CipherData/CipherValue")
			v.SetText("AAAA" + strings.TrimSpace(v.Text())[4:])
		},
		"no text": func(r *etree.Element) {
			r.FindElement("./EncryptedAssertion/EncryptedData/CipherData/CipherValue").SetText("")
		},
		"a text elsewhere": func(r *etree.Element) {
			data := r.FindElement("./EncryptedAssertion/EncryptedData/CipherData")
			data.RemoveChild(data.SelectElement("CipherValue"))
			data.CreateElement("xenc:CipherReference").CreateAttr("URI", "http://169.254.169.254/")
		},
		"two keys": func(r *etree.Element) {
			k := r.FindElement(".//EncryptedKey")
			k.Parent().AddChild(k.Copy())
		},
	} {
		_, _, err := consume(t, trust(t, nil), func(a *samltest.Answer) { a.Encryption, a.After = certOf(t, 0), change })
		if err == nil {
			t.Errorf("%s: signed in", name)
		}
		wantRefused(t, err, "the ")
	}
}

// TestRelayStateIsOnlyCarried (H60): it goes out escaped, and nothing of an answer
// is taken for a place to go to.
func TestRelayStateIsOnlyCarried(t *testing.T) {
	for _, relay := range []string{"https://evil", "//evil", `/\evil`, "javascript:alert(1)", "a&SigAlg=x", "é \"<"} {
		m, err := trust(t, nil).SignIn(relay, false, now, nil)
		if err != nil {
			t.Fatal(err)
		}
		u, err := url.Parse(m.URL)
		if err != nil || u.Host != "idp.example.org" || u.Path != "/sso" || !slices.Equal(u.Query()["RelayState"], []string{relay}) || len(u.Query()) != 4 {
			t.Errorf("%q: %s %v", relay, m.URL, err)
		}
	}
	if _, err := trust(t, nil).SignIn(strings.Repeat("a", saml.MaxRelay+1), false, now, nil); err == nil {
		t.Error("a relay state that providers may cut is sent")
	}
}

// TestSameNameFromAnotherProvider (H61): an answer counts only from the provider
// it is expected from, and the qualifier of a name is part of it.
func TestSameNameFromAnotherProvider(t *testing.T) {
	other := known().other
	a := other.Answer(known().ours, "_q", now)
	_, _, err := trust(t, nil).Consume(t.Context(), other.Make(a), "_q", &memory{}, now, nil)
	wantRefused(t, err, "issued by")
	a.Issuer = known().idp.EntityID
	_, _, err = trust(t, nil).Consume(t.Context(), other.Make(a), "_q", &memory{}, now, nil)
	wantRefused(t, err, "no pinned certificate")
	mine, _, err1 := consume(t, trust(t, nil), nil)
	theirs, _, err2 := consume(t, trust(t, nil), func(a *samltest.Answer) { a.Qualifier = other.EntityID })
	if err1 != nil || err2 != nil || mine.Subject == theirs.Subject {
		t.Errorf("%q and %q are one person: %v %v", mine.Subject, theirs.Subject, err1, err2)
	}
	mail, _, err := consume(t, trust(t, nil), func(a *samltest.Answer) { a.Name = "eve" })
	if err != nil || mail.Subject == mine.Subject || mail.Fields["mail"] != mine.Fields["mail"] {
		t.Errorf("a mail makes %+v", mail)
	}
}

// TestBomb (H62): what inflates without end is not inflated.
func TestBomb(t *testing.T) {
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	began := 0
	for range 2 { // megabytes, the second of which the rest are copies of: to deflate them all takes long
		began = b.Len()
		if _, err := w.Write(make([]byte, 1<<20)); err != nil {
			t.Fatal(err)
		}
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
	}
	b.Write(bytes.Repeat(b.Bytes()[began:], 198))
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if n, err := io.CopyN(io.Discard, flate.NewReader(bytes.NewReader(b.Bytes())), 8<<20); err != nil {
		t.Fatalf("it is no bomb: it ends after %d bytes: %v", n, err)
	}
	bomb := base64.StdEncoding.EncodeToString(b.Bytes())
	query := known().idp.Query("SAMLRequest", bomb, "", samltest.Signing{})
	_, _, err = trust(t, nil).ReadLogout(saml.Incoming{Query: query}, now, nil)
	wantRefused(t, err, "larger than is read")
	_, _, err = trust(t, nil).Consume(t.Context(), bomb, "_q", &memory{}, now, nil)
	wantRefused(t, err, "not XML")
}

// TestNotXMLAsWeReadIt refuses what is in XML but not in SAML (H62, and the
// laughs of a billion entities).
func TestNotXMLAsWeReadIt(t *testing.T) {
	good := string(samltest.Bytes(known().idp.Element(known().idp.Answer(known().ours, "_q", now))))
	cases := map[string]struct{ message, reason string }{
		"a document type":          {`<!DOCTYPE Response>` + good, "document type"},
		"an entity":                {`<!DOCTYPE r [<!ENTITY a "ada">]>` + strings.Replace(good, ">ada<", ">&a;<", 1), "document type"},
		"an entity without a type": {strings.Replace(good, ">ada<", ">&a;<", 1), "not XML"},
		"laughs":                   {`<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]><r>&b;</r>`, "document type"},
		"an instruction":           {strings.Replace(good, "<samlp:Status>", "<?x y?><samlp:Status>", 1), "processing instruction"},
		"an instruction at first":  {`<?xml-stylesheet href="x"?>` + good, "processing instruction"},
		"another encoding":         {`<?xml version="1.0" encoding="UTF-7"?>` + good, "not XML"},
		"bytes":                    {strings.Replace(good, ">ada<", ">\xff<", 1), "not XML"},
		"nested deeply":            {strings.Repeat("<a>", 33) + strings.Repeat("</a>", 33), "nested too deeply"},
		"nested very deeply":       {strings.Repeat("<a>", 50_000), "nested too deeply"},
		"many elements":            {"<a>" + strings.Repeat("<b/>", 10_000) + "</a>", "too many elements"},
		"many attributes":          {"<a " + strings.Repeat(`x="" `, 33) + "/>", "too many elements"},
		"large":                    {"<a>" + strings.Repeat(" ", 512<<10) + "</a>", "larger than is read"},
		"very large":               {strings.Repeat(" ", 2<<20), "larger than is read"},
		"two roots":                {good + good, "not XML"},
		"nothing":                  {"", "not XML"},
		"another message":          {strings.ReplaceAll(good, "samlp:Response", "samlp:Request"), "not a Response"},
		"another namespace":        {strings.Replace(good, samltest.Protocol, "urn:x", 1), "not a Response"},
		"colons":                   {strings.Replace(good, "<samlp:Status>", "<:samlp:Status>", 1), "not XML"},
	}
	for name, c := range cases {
		value := base64.StdEncoding.EncodeToString([]byte(c.message))
		_, _, err := trust(t, nil).Consume(t.Context(), value, "_q", &memory{}, now, nil)
		if err == nil {
			t.Errorf("%s: signed in", name)
		}
		wantRefused(t, err, c.reason)
	}
	_, _, err := trust(t, nil).Consume(t.Context(), "%%%", "_q", &memory{}, now, nil)
	wantRefused(t, err, "base64")
}

// TestEncryptedDocumentType: the same inside of what is encrypted.
func TestEncryptedDocumentType(t *testing.T) {
	e := certOf(t, 0)
	e.Before = `<!DOCTYPE a [<!ENTITY b "c">]>`
	_, _, err := consume(t, trust(t, nil), func(a *samltest.Answer) { a.Encryption = e })
	wantRefused(t, err, "document type")
}
