// Package ldaptest knows how to start OpenLDAP's slapd with people and
// groups in it, for tests. It refuses to know what is asked of it.
package ldaptest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	goldap "github.com/go-ldap/ldap/v3"

	"selfhelp/app/login/ldap"
)

// Suffix is the root of the tree; Searcher may read it with SearcherPassword.
const (
	Suffix           = "dc=example,dc=org"
	Searcher         = "cn=reader," + Suffix
	SearcherPassword = "read only, please"
	Password         = "soleil-de-novembre" // of everyone that Person writes
)

// Slapd is a running directory.
type Slapd struct {
	Plain, Secure string // addresses: ldap://, which offers StartTLS, and ldaps://
	Roots         string // certificate that signed its own, PEM
	process       *exec.Cmd
}

// Need skips a test where slapd is not installed; where SELFHELP_PEERS is
// "required" it fails instead.
func Need(t testing.TB) {
	t.Helper()
	if _, err := exec.LookPath("/usr/sbin/slapd"); err == nil {
		return
	}
	if os.Getenv("SELFHELP_PEERS") == "required" {
		t.Fatal("slapd is not installed: apt-get install slapd")
	}
	t.Skip("slapd is not installed")
}

// Start starts a directory with the entries of an LDIF text (RFC 2849) below the
// suffix, and stops it with the test.
func Start(t testing.TB, ldif string) *Slapd {
	t.Helper()
	Need(t)
	folder := t.TempDir()
	file := func(name, content string) string {
		t.Helper()
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	root, certificate, key := certificates(t)
	if err := os.Mkdir(filepath.Join(folder, "db"), 0o700); err != nil {
		t.Fatal(err)
	}
	config := file("slapd.conf", fmt.Sprintf(conf, folder, file("root.pem", root), file("server.pem", certificate), file("server.key", key), filepath.Join(folder, "db")))
	run(t, "slapadd", "-q", "-f", config, "-l", file("tree.ldif", tree+ldif))
	s := &Slapd{Plain: "ldap://" + free(t), Secure: "ldaps://" + free(t), Roots: root}
	s.process = exec.Command("/usr/sbin/slapd", "-f", config, "-h", s.Plain+" "+s.Secure, "-d", "0")
	if err := s.process.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Stop)
	for range 200 {
		conn, err := net.Dial("tcp", s.Secure[len("ldaps://"):])
		if err == nil {
			conn.Close()
			return s
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatal("slapd does not answer")
	return nil
}

// Stop kills the directory.
func (s *Slapd) Stop() {
	if s.process != nil {
		s.process.Process.Kill()
		s.process.Wait()
		s.process = nil
	}
}

// Server is what one would configure to sign in at the directory.
func (s *Slapd) Server() ldap.Server {
	return ldap.Server{
		URLs: []string{s.Secure}, Roots: s.Roots, BindAs: Searcher, Password: SearcherPassword,
		Base: "ou=people," + Suffix, Filter: "(&(objectClass=inetOrgPerson)(uid={login}))", Login: "uid", ID: "entryUUID",
		Names:     map[string]string{"first_name": "givenName", "last_name": "sn", "mail": "mail", "language": "preferredLanguage", "entity": "departmentNumber"},
		GroupBase: "ou=groups," + Suffix, GroupFilter: "(objectClass=groupOfNames)", GroupName: "cn", Member: "member",
	}
}

// Person is the LDIF of somebody who has Password.
func Person(uid, first, last, entity string) string {
	return fmt.Sprintf("dn: uid=%[7]s,ou=people,%[2]s\nobjectClass: inetOrgPerson\nuid: %[1]s\ngivenName: %[3]s\nsn: %[4]s\ncn: %[3]s %[4]s\nmail: %[1]s@example.org\npreferredLanguage: fr\ndepartmentNumber: %[5]s\nuserPassword: %[6]s\n\n",
		uid, Suffix, first, last, entity, Password, goldap.EscapeDN(uid))
}

// Group is the LDIF of a group; members are distinguished names below the suffix.
func Group(name string, members ...string) string {
	text := fmt.Sprintf("dn: cn=%s,ou=groups,%s\nobjectClass: groupOfNames\ncn: %[1]s\n", name, Suffix)
	for _, m := range members {
		text += "member: " + m + "," + Suffix + "\n"
	}
	return text + "\n"
}

const conf = `include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
pidfile %s/slapd.pid
modulepath /usr/lib/ldap
moduleload back_mdb
TLSCACertificateFile %s
TLSCertificateFile %s
TLSCertificateKeyFile %s
sizelimit 500
database mdb
suffix "` + Suffix + `"
rootdn "cn=root,` + Suffix + `"
directory %s
maxsize 268435456
index objectClass,uid,member eq
limits dn.exact="` + Searcher + `" size.prtotal=unlimited
access to attrs=userPassword by anonymous auth by * none
access to * by dn.exact="` + Searcher + `" read by self read by * none
`

const tree = "dn: " + Suffix + "\nobjectClass: dcObject\nobjectClass: organization\no: Example\ndc: example\n\n" +
	"dn: ou=people," + Suffix + "\nobjectClass: organizationalUnit\nou: people\n\n" +
	"dn: ou=groups," + Suffix + "\nobjectClass: organizationalUnit\nou: groups\n\n" +
	"dn: " + Searcher + "\nobjectClass: person\ncn: reader\nsn: reader\nuserPassword: " + SearcherPassword + "\n\n"

func run(t testing.TB, name string, args ...string) {
	t.Helper()
	if out, err := exec.Command("/usr/sbin/"+name, args...).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
}

// free is an address nobody listens on.
func free(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// certificates makes an authority and a certificate of this machine, PEM.
func certificates(t testing.TB) (root, certificate, key string) {
	t.Helper()
	authority, authorityKey, root := signed(t, &x509.Certificate{
		Subject: pkix.Name{CommonName: "Test authority"}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}, nil, nil)
	_, serverKey, certificate := signed(t, &x509.Certificate{
		Subject: pkix.Name{CommonName: "localhost"}, DNSNames: []string{"localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}, authority, authorityKey)
	der, err := x509.MarshalPKCS8PrivateKey(serverKey)
	if err != nil {
		t.Fatal(err)
	}
	return root, certificate, string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
}

func signed(t testing.TB, c *x509.Certificate, by *x509.Certificate, byKey *ecdsa.PrivateKey) (*x509.Certificate, *ecdsa.PrivateKey, string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if by == nil {
		by, byKey = c, key
	}
	c.SerialNumber = big.NewInt(time.Now().UnixNano())
	c.NotBefore, c.NotAfter = time.Now().Add(-time.Hour), time.Now().Add(24*time.Hour)
	der, err := x509.CreateCertificate(rand.Reader, c, by, &key.PublicKey, byKey)
	if err != nil {
		t.Fatal(err)
	}
	made, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return made, key, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
}

// TLS trusts the directory's certificate.
func (s *Slapd) TLS() *tls.Config {
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM([]byte(s.Roots))
	return &tls.Config{RootCAs: roots, ServerName: "127.0.0.1", MinVersion: tls.VersionTLS12}
}
