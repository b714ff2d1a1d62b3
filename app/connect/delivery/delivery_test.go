package delivery

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"golang.org/x/crypto/ssh"

	"selfhelp/app/fault"
	"selfhelp/store/disktest"
)

// parcel is a content of some size.
func parcel(t *testing.T, size int) ([]byte, Open) {
	t.Helper()
	b := make([]byte, size)
	rand.Read(b)
	return b, func(context.Context) (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(b)), nil }
}

func refused(t *testing.T, err error, key string) {
	t.Helper()
	if got, _ := fault.TextOf(err); got != key {
		t.Errorf("got %v, want %s", err, key)
	}
}

// there is what stands in the folder of a peer.
func (p peer) there(t *testing.T) (names []string) {
	t.Helper()
	in, err := os.ReadDir(p.Folder)
	check(t, err)
	for _, e := range in {
		names = append(names, e.Name())
	}
	return names
}

func TestDelivered(t *testing.T) {
	for name, start := range peers {
		t.Run(name, func(t *testing.T) {
			p := start(t)
			b, open := parcel(t, 3<<20+17)
			check(t, p.Try(t.Context()))
			check(t, os.WriteFile(filepath.Join(p.Folder, "a.tar.part"), make([]byte, 4<<20), 0o600)) // left over, and longer
			p.Give(t, "a.tar.part")
			sent, err := p.Deliver(t.Context(), "a.tar", open)
			check(t, err)
			got, err := os.ReadFile(filepath.Join(p.Folder, "a.tar"))
			check(t, err)
			sum, err := os.ReadFile(filepath.Join(p.Folder, "a.tar.sha256"))
			check(t, err)
			if !bytes.Equal(got, b) || sent.Bytes != int64(len(b)) || string(sum) != sent.Hash+"  a.tar\n" {
				t.Errorf("%d bytes came, %+v was sent, the sum says %s", len(got), sent, sum)
			}
			if names := p.there(t); !slices.Equal(names, []string{"a.tar", "a.tar.sha256"}) {
				t.Errorf("there is %v", names)
			}
			// A second time, without its sum: it is there and counts.
			check(t, os.Remove(filepath.Join(p.Folder, "a.tar.sha256")))
			if again, err := p.Deliver(t.Context(), "a.tar", open); err != nil || again != sent || len(p.there(t)) != 2 {
				t.Errorf("again: %+v %v, %v", again, err, p.there(t))
			}
			// Another file of the name stays as it is.
			_, other := parcel(t, 100)
			_, err = p.Deliver(t.Context(), "a.tar", other)
			refused(t, err, "fault.delivery.there")
			if now, _ := os.ReadFile(filepath.Join(p.Folder, "a.tar")); !bytes.Equal(now, b) {
				t.Error("it was written over")
			}
		})
	}
}

func TestRefused(t *testing.T) {
	for name, start := range peers {
		t.Run(name, func(t *testing.T) {
			p := start(t)
			_, open := parcel(t, 100)
			deliver := func(change func(*Target)) error {
				to := p.Target
				change(&to)
				_, err := to.Deliver(t.Context(), "a.tar", open)
				return err
			}
			free, err := net.Listen("tcp", "127.0.0.1:0")
			check(t, err)
			nobody := free.Addr().String()
			check(t, free.Close())
			refused(t, deliver(func(to *Target) { to.host = nobody }), "fault.delivery.away")
			_, private, err := ed25519.GenerateKey(rand.Reader)
			check(t, err)
			stranger, err := ssh.NewSignerFromKey(private)
			check(t, err)
			wrong := deliver(func(to *Target) { to.Password, to.Signer = "another "+p.Peer.Password, stranger })
			refused(t, wrong, "fault.delivery.login")
			if p.Peer.Password != "" && strings.Contains(fmt.Sprint(wrong), p.Peer.Password) {
				t.Errorf("the error shows the password: %v", wrong)
			}
			refused(t, deliver(func(to *Target) { to.folder = "/nowhere/at/all" }), "fault.delivery.refused")
			if !p.Clear() {
				refused(t, deliver(func(to *Target) { to.HostKey, to.Roots = stranger.PublicKey(), x509.NewCertPool() }), "fault.delivery.identity")
			}
			ours := errors.New("a disk of ours")
			_, err = p.Deliver(t.Context(), "a.tar", func(context.Context) (io.ReadCloser, error) { return io.NopCloser(broken{ours}), nil })
			if !errors.Is(err, ours) || fault.KindOf(err) != fault.Internal {
				t.Errorf("what cannot be read here: %v", err)
			}
			if names := p.there(t); len(names) > 0 {
				t.Errorf("there is %v", names)
			}
		})
	}
	t.Run("without TLS", func(t *testing.T) {
		p := peers["FTP"](t)
		p.way = ftpsWay
		refused(t, p.Try(t.Context()), "fault.delivery.no_tls")
	})
}

type broken struct{ err error }

func (b broken) Read([]byte) (int, error) { return 0, b.err }

func TestFull(t *testing.T) {
	for name, start := range peers {
		t.Run(name, func(t *testing.T) {
			p := start(t)
			disktest.Over(t, p.Folder, 1<<20)
			_, open := parcel(t, 3<<20)
			_, err := p.Deliver(t.Context(), "a.tar", open)
			refused(t, err, "fault.delivery.full")
			if names := p.there(t); len(names) > 0 {
				t.Errorf("there is %v", names)
			}
		})
	}
}

// TestCut cuts the way in the middle, in either direction; the next time it is sent
// from the beginning.
func TestCut(t *testing.T) {
	for name, start := range peers {
		t.Run(name, func(t *testing.T) {
			p := start(t)
			b, open := parcel(t, 3<<20)
			way := p.Target
			// FTP sends data over connections of their own, which cannot be led
			// through: there the reader stops the way.
			ctx, cut := context.WithCancel(t.Context())
			var opened atomic.Int32
			_, err := way.Deliver(ctx, "a.tar", func(ctx context.Context) (io.ReadCloser, error) {
				r, err := open(ctx)
				if opened.Add(1) == 2 {
					r = struct {
						io.Reader
						io.Closer
					}{io.MultiReader(io.LimitReader(r, 1<<20), cutting{cut}, r), r}
				}
				return r, err
			})
			if err == nil {
				t.Fatal("it came")
			}
			if names := p.there(t); len(names) > 0 && !slices.Equal(names, []string{"a.tar.part"}) {
				t.Errorf("there is %v", names)
			}
			_, err = way.Deliver(t.Context(), "a.tar", open)
			check(t, err)
			if got, _ := os.ReadFile(filepath.Join(p.Folder, "a.tar")); !bytes.Equal(got, b) {
				t.Errorf("%d bytes came", len(got))
			}
		})
	}
}

// TestCutByTheNetwork leads the way through something that breaks.
func TestCutByTheNetwork(t *testing.T) {
	p := peers["SFTP"](t)
	b, open := parcel(t, 3<<20)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	check(t, err)
	defer listener.Close()
	straight := p.host
	go func() {
		from, err := listener.Accept()
		if err != nil {
			return
		}
		to, err := net.Dial("tcp", straight)
		if err == nil {
			go io.Copy(from, to)
			io.CopyN(to, from, 1<<20)
			to.Close()
		}
		from.Close()
	}()
	p.host = listener.Addr().String()
	_, err = p.Deliver(t.Context(), "a.tar", open)
	refused(t, err, "fault.delivery.cut")
	if names := p.there(t); !slices.Equal(names, []string{"a.tar.part"}) {
		t.Errorf("there is %v", names)
	}
	p.host = straight
	_, err = p.Deliver(t.Context(), "a.tar", open)
	check(t, err)
	if got, _ := os.ReadFile(filepath.Join(p.Folder, "a.tar")); !bytes.Equal(got, b) {
		t.Errorf("%d bytes came", len(got))
	}
}

// cutting cuts when it is come to, and reads nothing.
type cutting struct{ cut func() }

func (c cutting) Read([]byte) (int, error) {
	c.cut()
	return 0, io.EOF
}

func TestAddresses(t *testing.T) {
	for address, want := range map[string]string{
		"sftp://me@host/a/b":         "sftp://me@host:22/a/b",
		"sftp://me@host:2222/~/b":    "sftp://me@host:2222/~/b",
		"ftps://me@[::1]/":           "ftps://me@[::1]:21/",
		"ftp://me@host":              "ftp://me@host:21/",
		"ftp://me:word@host":         "",
		"http://me@host":             "",
		"sftp://host/a":              "",
		"sftp://me@host/a%0d%0aDELE": "",
	} {
		to, err := Parse(address)
		if err == nil && to.Name() != want || (err != nil) != (want == "") {
			t.Errorf("%s is %s, %v", address, to.Name(), err)
		}
		if err != nil && strings.Contains(err.Error(), "word") && strings.Contains(err.Error(), ":word") {
			t.Errorf("%s: %v", address, err)
		}
	}
}
