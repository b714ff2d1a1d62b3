package saml_test

import (
	"encoding/base64"
	"slices"
	"strings"
	"testing"

	"selfhelp/app/fault"
	"selfhelp/app/login/saml"
	"selfhelp/app/login/saml/samltest"
)

// splice puts text into a good message, in the place of so many bytes. Each
// process has keys of its own, so that a message whole would be no good seed.
func splice(good []byte, at, cut uint, insert []byte) []byte {
	at = min(at, uint(len(good)))
	return slices.Concat(good[:at], insert, good[min(at+cut, uint(len(good))):])
}

const all = 1 << 20

func FuzzConsume(f *testing.F) {
	idp, ours := known().idp, known().ours
	clear := idp.Answer(ours, "_q", now)
	both, sealed := clear, clear
	both.SignAnswer, sealed.Encryption = true, certOf(f, 0)
	var good [][]byte
	for _, a := range []samltest.Answer{clear, both, sealed} {
		raw := samltest.Bytes(idp.Element(a))
		good = append(good, raw)
		for _, mark := range []string{"<saml:Issuer>", "<ds:Signature ", "ada<", "<saml:Conditions", "</samlp:Response>", "URI=", "<ds:Transform "} {
			if at := strings.Index(string(raw), mark); at >= 0 {
				f.Add(uint8(len(good)-1), uint(at), uint(0), []byte("<!-- x -->"))
				f.Add(uint8(len(good)-1), uint(at), uint(3), []byte("adm"))
				f.Add(uint8(len(good)-1), uint(at), uint(len(mark)), []byte(mark+mark))
			}
		}
	}
	f.Add(uint8(0), uint(0), uint(0), []byte("<!DOCTYPE a>"))
	f.Add(uint8(0), uint(0), uint(all), []byte("<a"))
	f.Add(uint8(0), uint(0), uint(all), []byte(`<p:Response xmlns:p="`+samltest.Protocol+`"><x:Signature/></p:Response>`))
	tr := trust(f, nil)
	f.Fuzz(func(t *testing.T, which uint8, at, cut uint, insert []byte) {
		raw := splice(good[int(which)%len(good)], at, cut, insert)
		id, _, err := tr.Consume(t.Context(), base64.StdEncoding.EncodeToString(raw), "_q", &memory{}, now, nil)
		if err == nil && (id.Login != "ada" || len(id.Groups) != 2) {
			t.Errorf("signed in as %+v", id)
		}
		if err != nil && !fault.Is(err, fault.Unauthenticated) {
			t.Errorf("failed with %v", err)
		}
	})
}

func FuzzLogout(f *testing.F) {
	messages := asked(nil, samltest.Signing{})
	query, form := []byte(messages[0].Query), []byte(decode(f, messages[1].Value))
	for _, at := range []int{0, len("SAMLRequest="), strings.Index(string(query), "&SigAlg"), len(query)} {
		f.Add(true, uint(at), uint(1), []byte("&x=y"))
		f.Add(false, uint(at), uint(0), []byte("<!-- x -->"))
	}
	f.Add(true, uint(0), uint(all), []byte("SAMLRequest=&SigAlg=&Signature="))
	f.Add(false, uint(0), uint(all), []byte("<a/>"))
	tr := trust(f, nil)
	f.Fuzz(func(t *testing.T, byQuery bool, at, cut uint, insert []byte) {
		in := saml.Incoming{Value: base64.StdEncoding.EncodeToString(splice(form, at, cut, insert))}
		if byQuery {
			in = saml.Incoming{Query: string(splice(query, at, cut, insert))}
		}
		l, _, err := tr.ReadLogout(in, now, nil)
		if err == nil && (!strings.HasSuffix(l.Name, "!ada") || !slices.Equal(l.Indexes, []string{"_s1"})) {
			t.Errorf("logs out %+v", l)
		}
		if err := tr.ReadSignedOut(in, "_q", now, nil); !fault.Is(err, fault.Unauthenticated) {
			t.Errorf("%v", err)
		}
	})
}

func FuzzReadMetadata(f *testing.F) {
	f.Add(known().idp.Metadata())
	f.Add([]byte(`<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata"><IDPSSODescriptor/></EntityDescriptor>`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		if p, err := saml.ReadMetadata(raw); err == nil && p.SSO == "" {
			t.Errorf("%+v", p)
		}
	})
}
