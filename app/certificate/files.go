package certificate

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"time"
)

// files are a certificate and its key on the disk of this machine.
type files struct {
	cert, key string
	pair      *Pair
	seen      [2]fs.FileInfo // of the pair that was taken or refused last
}

// FromFiles reads a certificate and its key.
func FromFiles(cert, key string) (*Pair, error) {
	read, err := tls.LoadX509KeyPair(cert, key)
	if err != nil {
		return nil, fmt.Errorf("load the certificate: %w", err)
	}
	return &Pair{Certificate: read, Source: Files}, nil
}

// first takes the pair that is there at the start.
func (f *files) first() (_ *Pair, err error) {
	f.seen, _ = f.stamps() // what cannot be looked at cannot be read either
	f.pair, err = FromFiles(f.cert, f.key)
	return f.pair, err
}

func (f *files) stamps() (both [2]fs.FileInfo, err error) {
	for i, name := range []string{f.cert, f.key} {
		if both[i], err = os.Stat(name); err != nil {
			return both, err
		}
	}
	return both, nil
}

// look takes the pair that is there now, when it is another one than was looked at last.
// One that is refused is looked at again once a file changes: whoever writes the two may
// be between them.
func (f *files) look(now time.Time) (fresh bool, err error) {
	both, err := f.stamps()
	if err != nil || same(both[0], f.seen[0]) && same(both[1], f.seen[1]) {
		return false, nil // one of them is being replaced: the next look will tell
	}
	f.seen = both
	pair, err := FromFiles(f.cert, f.key)
	if err == nil {
		err = usable(pair, now)
	}
	if err != nil {
		return false, err
	}
	f.pair = pair
	return true, nil
}

// OpenToOthers reports whether everybody on a machine may read or change a key. A group may
// be the server's own, by which it was let in.
func OpenToOthers(key fs.FileInfo) bool { return key.Mode().Perm()&0o007 != 0 }

// warn tells that everybody may read the key that was taken.
func (f *files) warn(log *slog.Logger) {
	if info := f.seen[1]; info != nil && OpenToOthers(info) {
		log.Warn("everybody on this machine may read the key of the certificate", "file", f.key, "hint", "chmod o= "+f.key)
	}
}

func same(a, b fs.FileInfo) bool {
	return b != nil && os.SameFile(a, b) && a.ModTime().Equal(b.ModTime()) && a.Size() == b.Size()
}

// usable refuses what every browser would.
func usable(p *Pair, now time.Time) error {
	for _, der := range p.Certificate.Certificate {
		c, err := x509.ParseCertificate(der)
		if err != nil {
			return err
		}
		switch {
		case now.After(c.NotAfter):
			return fmt.Errorf("the certificate of %s ended on %s", c.Subject, c.NotAfter.Format(time.RFC3339))
		case now.Before(c.NotBefore):
			return fmt.Errorf("the certificate of %s is good from %s on", c.Subject, c.NotBefore.Format(time.RFC3339))
		}
	}
	if p.Leaf == nil {
		return errors.New("there is no certificate in it")
	}
	return nil
}
