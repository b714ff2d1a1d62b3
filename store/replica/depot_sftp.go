package replica

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"path"
	"sync/atomic"
	"time"

	"github.com/pkg/sftp"
	"golang.org/x/crypto/ssh"
)

// dialLimit is how long a target may take to answer at all.
const dialLimit = 10 * time.Second

// remote is a depot on a server that speaks SFTP.
type remote struct {
	client *sftp.Client
	shell  *ssh.Client
	root   string
	kept   func() bool  // the connection stays when the time of its context is over
	count  atomic.Int64 // of what was begun to be written
}

// openSFTP connects to the server of a target, whose key is known beforehand.
// It is cut when ctx is done: nothing else ends waiting for a server that is silent.
func openSFTP(ctx context.Context, t Target) (*remote, error) {
	key, _, _, _, err := ssh.ParseAuthorizedKey([]byte(t.HostKey))
	if err != nil {
		return nil, fmt.Errorf("host-key of %s: %w", t.Host, err)
	}
	config := &ssh.ClientConfig{User: t.User, HostKeyCallback: ssh.FixedHostKey(key)}
	if t.Password != "" {
		config.Auth = append(config.Auth, ssh.Password(t.Password))
	}
	if t.KeyPath != "" {
		b, err := os.ReadFile(t.KeyPath)
		if err != nil {
			return nil, err
		}
		signer, err := ssh.ParsePrivateKey(b)
		if err != nil {
			return nil, fmt.Errorf("key-path %s: %w", t.KeyPath, err)
		}
		config.Auth = append(config.Auth, ssh.PublicKeys(signer))
	}
	host := t.Host
	if _, _, err := net.SplitHostPort(host); err != nil {
		host = net.JoinHostPort(host, "22")
	}
	conn, err := (&net.Dialer{Timeout: dialLimit}).DialContext(ctx, "tcp", host)
	if err != nil {
		return nil, err
	}
	cut := context.AfterFunc(ctx, func() { conn.Close() })
	late := time.AfterFunc(dialLimit, func() { conn.Close() })
	defer late.Stop()
	through, channels, requests, err := ssh.NewClientConn(conn, host, config)
	if err != nil {
		cut()
		return nil, errors.Join(err, conn.Close())
	}
	shell := ssh.NewClient(through, channels, requests)
	client, err := sftp.NewClient(shell)
	if err != nil {
		cut()
		return nil, errors.Join(err, shell.Close())
	}
	return &remote{client: client, shell: shell, root: cmp.Or(t.Path, "."), kept: cut}, nil
}

func (r *remote) path(name string) string { return path.Join(r.root, name) }

func (r *remote) put(_ context.Context, name string, from io.ReadSeeker) error {
	return r.settle(name, from, r.client.PosixRename)
}

// settle writes a file beside its name, and gives it that once it is whole.
func (r *remote) settle(name string, from io.ReadSeeker, as func(from, to string) error) error {
	n, err := sizeOf(from)
	if err != nil {
		return err
	}
	to := r.path(name)
	dir := path.Dir(to)
	if err := r.client.MkdirAll(dir); err != nil {
		return r.why(err, n)
	}
	part := path.Join(dir, fmt.Sprintf(".part-%d-%d", os.Getpid(), r.count.Add(1)))
	if err := r.write(part, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, from); err != nil {
		return r.why(err, n)
	}
	if err := as(part, to); err != nil {
		return errors.Join(r.why(err, n), r.client.Remove(part))
	}
	return nil
}

func (r *remote) write(name string, flags int, from io.Reader) error {
	f, err := r.client.OpenFile(name, flags)
	if err != nil {
		return err
	}
	if _, err = f.ReadFrom(from); err == nil && r.can("fsync@openssh.com") {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil { // half of it is nobody's
		return errors.Join(err, r.client.Remove(name))
	}
	return nil
}

func (r *remote) can(extension string) bool {
	_, can := r.client.HasExtension(extension)
	return can
}

// claim links the written file to its name, which fails where there is one; where a server
// knows no links, the file is opened so that it must be new. SFTP says no more than
// "failure" where it is not.
func (r *remote) claim(_ context.Context, name string, content []byte) error {
	err := r.settle(name, bytes.NewReader(content), func(part, to string) error {
		var err error
		if r.can("hardlink@openssh.com") {
			err = r.client.Link(part, to)
		} else {
			err = r.write(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, bytes.NewReader(content))
		}
		if err == nil {
			err = r.client.Remove(part)
		}
		return err
	})
	if err == nil {
		return nil
	}
	if _, there := r.client.Stat(r.path(name)); there == nil {
		return fmt.Errorf("%s: %w", name, fs.ErrExist)
	}
	return err
}

func (r *remote) get(_ context.Context, name string) (io.ReadCloser, error) {
	return r.client.Open(r.path(name))
}

func (r *remote) list(_ context.Context, dir string) (names []string, err error) {
	all, err := r.client.ReadDir(r.path(dir))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	for _, e := range all {
		if e.Name()[0] != '.' {
			names = append(names, e.Name())
		}
	}
	return names, nil
}

func (r *remote) remove(_ context.Context, name string) error {
	if err := r.client.Remove(r.path(name)); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

func (r *remote) parts(_ context.Context, dir string, before time.Time) (int, error) {
	all, err := r.client.ReadDir(r.path(dir))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return 0, err
	}
	return removeParts(all, before, func(name string) error { return r.client.Remove(path.Join(r.path(dir), name)) })
}

func (r *remote) close() error {
	r.kept()
	return errors.Join(r.client.Close(), r.shell.Close())
}
