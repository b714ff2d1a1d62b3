package delivery

import (
	"crypto/x509"
	"os"
	"testing"

	"golang.org/x/crypto/ssh"

	"selfhelp/app/connect/delivery/deliverytest"
)

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// peer is a real server, and the way in.
type peer struct {
	Target
	deliverytest.Peer
}

// peers start one of each kind.
var peers = map[string]func(*testing.T) peer{
	"SFTP": func(t *testing.T) peer { return reach(t, deliverytest.SSHD(t)) },
	"FTPS": func(t *testing.T) peer { return reach(t, deliverytest.Vsftpd(t, true)) },
	"FTP":  func(t *testing.T) peer { return reach(t, deliverytest.Vsftpd(t, false)) },
}

func reach(t *testing.T, p deliverytest.Peer) peer {
	t.Helper()
	to, err := Parse(p.Address)
	check(t, err)
	to.Password = p.Password
	if p.CA != "" {
		b, err := os.ReadFile(p.CA)
		check(t, err)
		to.Roots = x509.NewCertPool()
		to.Roots.AppendCertsFromPEM(b)
	}
	if p.Key != "" {
		b, err := os.ReadFile(p.Key)
		check(t, err)
		to.Signer, err = ssh.ParsePrivateKey(b)
		check(t, err)
		to.HostKey, _, _, _, err = ssh.ParseAuthorizedKey([]byte(p.HostKey))
		check(t, err)
	}
	return peer{to, p}
}
