package trusted

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"selfhelp/app/fault"
)

func issued(t testing.TB) (*x509.Certificate, string) {
	t.Helper()
	text, _, err := Issue("Intranet", 365*24*time.Hour, noon)
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode([]byte(text))
	certificate, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	return certificate, text
}

func TestBound(t *testing.T) {
	certificate, _ := issued(t)
	other, _ := issued(t)
	key, hash := NewKey()
	bound := Bound{Key: hash, Fingerprint: Fingerprint(certificate)}
	ofServer := *certificate
	ofServer.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	camille := Person{Login: "camille", Name: "Camille Moreau", Language: "fr"}
	who, err := bound.Accept(key, certificate, camille, noon)
	if err != nil || who.Subject != "camille" || who.Login != "camille" || who.Fields["name"] != "Camille Moreau" || len(who.Fields) != 2 {
		t.Errorf("%+v, %v", who, err)
	}
	for name, c := range map[string]struct {
		bound       Bound
		key         string
		certificate *x509.Certificate
		person      Person
		now         time.Time
	}{
		"other certificate":        {bound, key, other, camille, noon},
		"no certificate":           {bound, key, nil, camille, noon},
		"wrong key":                {bound, key + "x", certificate, camille, noon},
		"the hash for the key":     {bound, hash, certificate, camille, noon},
		"no key":                   {bound, "", certificate, camille, noon},
		"nothing bound":            {Bound{}, "", certificate, camille, noon},
		"expired":                  {bound, key, certificate, camille, noon.AddDate(1, 0, 1)},
		"not good yet":             {bound, key, certificate, camille, noon.Add(-time.Hour)},
		"certificate of a server":  {bound, key, &ofServer, camille, noon},
		"no login":                 {bound, key, certificate, Person{Name: "Camille Moreau"}, noon},
		"no name":                  {bound, key, certificate, Person{Login: "camille", Name: " "}, noon},
		"login with a line":        {bound, key, certificate, Person{Login: "a\nb", Name: "A"}, noon},
		"mail of something binary": {bound, key, certificate, Person{Login: "a", Name: "A", Mail: "\xff"}, noon},
	} {
		if who, err := c.bound.Accept(c.key, c.certificate, c.person, c.now); !refuses(err) || who.Subject != "" {
			t.Errorf("%s: %+v, %v", name, who, err)
		}
	}
}

func TestIssue(t *testing.T) {
	certificate, _ := issued(t)
	if certificate.Subject.CommonName != "Intranet" || certificate.IsCA || !certificate.NotAfter.Equal(noon.AddDate(1, 0, 0)) || certificate.SerialNumber.BitLen() < 64 {
		t.Errorf("%v, authority %v, until %v", certificate.Subject, certificate.IsCA, certificate.NotAfter)
	}
	if err := certificate.CheckSignature(certificate.SignatureAlgorithm, certificate.RawTBSCertificate, certificate.Signature); err != nil {
		t.Error(err)
	}
	for name, c := range map[string]struct {
		name     string
		validity time.Duration
		field    string
	}{
		"no name": {"", time.Hour, "name"}, "long name": {strings.Repeat("x", 65), time.Hour, "name"}, "odd name": {"a\nb", time.Hour, "name"},
		"no time": {"a", 0, "validity"}, "for ever": {"a", 100 * 366 * 24 * time.Hour, "validity"},
	} {
		if _, _, err := Issue(c.name, c.validity, noon); fault.FieldsOf(err)[c.field] != "fault.trusted."+c.field {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestIssuedCertificateOverTLS(t *testing.T) {
	text, keyText, err := Issue("Intranet", time.Hour, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	pair, err := tls.X509KeyPair([]byte(text), []byte(keyText))
	if err != nil {
		t.Fatal(err)
	}
	key, hash := NewKey()
	bound := Bound{Key: hash, Fingerprint: Fingerprint(pair.Leaf)}
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var certificate *x509.Certificate
		if len(r.TLS.PeerCertificates) > 0 {
			certificate = r.TLS.PeerCertificates[0]
		}
		if _, err := bound.Accept(key, certificate, Person{Login: "camille", Name: "Camille Moreau"}, time.Now()); err != nil {
			w.WriteHeader(http.StatusForbidden)
		}
	}))
	server.TLS = &tls.Config{ClientAuth: tls.RequestClientCert}
	server.StartTLS()
	defer server.Close()
	for _, c := range []struct {
		certificates []tls.Certificate
		status       int
	}{{[]tls.Certificate{pair}, http.StatusOK}, {nil, http.StatusForbidden}} {
		client := server.Client()
		client.CloseIdleConnections()
		client.Transport.(*http.Transport).TLSClientConfig.Certificates = c.certificates
		res, err := client.Get(server.URL)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != c.status {
			t.Errorf("%d certificates: %s", len(c.certificates), res.Status)
		}
	}
}

func TestReadHeader(t *testing.T) {
	certificate, text := issued(t)
	for name, value := range map[string]string{
		"RFC 9440": ":" + base64.StdEncoding.EncodeToString(certificate.Raw) + ":", "nginx": strings.ReplaceAll(url.QueryEscape(text), "+", "%20"), "PEM with pluses": strings.ReplaceAll(url.PathEscape(text), "%2B", "+"),
	} {
		if read, err := ReadHeader([]string{value}); err != nil || !read.Equal(certificate) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, value := range []string{"", ":", ":x:", "%zz", "text", url.QueryEscape(string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: certificate.Raw}))), strings.Repeat("x", maxBytes+1)} {
		if _, err := ReadHeader([]string{value}); !refuses(err) {
			t.Errorf("%.40q: %v", value, err)
		}
	}
	good := ":" + base64.StdEncoding.EncodeToString(certificate.Raw) + ":"
	for _, values := range [][]string{nil, {good, good}, {good, ""}} {
		if _, err := ReadHeader(values); !refuses(err) {
			t.Errorf("%d headers: %v", len(values), err)
		}
	}
}

// FuzzReadHeader: a header is a whole certificate or refused, and what is read can
// be told in the one form of RFC 9440.
func FuzzReadHeader(f *testing.F) {
	certificate, text := issued(f)
	f.Add(":" + base64.StdEncoding.EncodeToString(certificate.Raw) + ":")
	f.Add(strings.ReplaceAll(url.QueryEscape(text), "+", "%20"))
	f.Add(":" + base64.StdEncoding.EncodeToString(certificate.Raw))
	f.Add(":" + base64.StdEncoding.EncodeToString(append(certificate.Raw, 0)) + ":")
	f.Add(text + text)
	f.Fuzz(func(t *testing.T, value string) {
		read, err := ReadHeader([]string{value})
		if err != nil {
			if !refuses(err) {
				t.Fatal(err)
			}
			return
		}
		written := ":" + base64.StdEncoding.EncodeToString(read.Raw) + ":"
		if again, err := ReadHeader([]string{written}); err != nil || Fingerprint(again) != Fingerprint(read) {
			t.Errorf("%.80q is read, and %.80q is not: %v", value, written, err)
		}
		if strings.HasPrefix(value, ":") && (len(value) < 2 || !strings.HasSuffix(value, ":")) {
			t.Errorf("%.80q does not end", value)
		}
	})
}
