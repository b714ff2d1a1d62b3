package delivery

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"

	"github.com/pkg/sftp"
	"golang.org/x/crypto/ssh"
)

// sftpServer is one that speaks SFTP.
type sftpServer struct {
	client *sftp.Client
	shell  *ssh.Client
}

// dialSFTP signs in to the server whose key is known beforehand, and to no other.
func (t Target) dialSFTP(ctx context.Context) (server, error) {
	known := false
	config := &ssh.ClientConfig{User: t.user, HostKeyCallback: func(host string, at net.Addr, key ssh.PublicKey) error {
		err := ssh.FixedHostKey(t.HostKey)(host, at, key)
		known = err == nil
		if err != nil {
			err = fmt.Errorf("%w: %s %s: %w", errIdentity, key.Type(), ssh.FingerprintSHA256(key), err)
		}
		return err
	}, HostKeyAlgorithms: algorithmsOf(t.HostKey)}
	if t.Signer != nil {
		config.Auth = append(config.Auth, ssh.PublicKeys(t.Signer))
	}
	if t.Password != "" {
		config.Auth = append(config.Auth, ssh.Password(t.Password))
	}
	conn, err := connect(ctx, t.host)
	if err != nil {
		return nil, err
	}
	c, channels, requests, err := ssh.NewClientConn(conn, t.host, config)
	if err != nil {
		return nil, errors.Join(handshake(err, known), conn.Close())
	}
	shell := ssh.NewClient(c, channels, requests)
	client, err := sftp.NewClient(shell, sftp.UseConcurrentWrites(true)) // one answer at a time is slow over a long way
	if err != nil {
		return nil, errors.Join(err, shell.Close())
	}
	return sftpServer{client, shell}, nil
}

// algorithmsOf asks the server for the key that is known, where it has several.
func algorithmsOf(key ssh.PublicKey) []string {
	if key.Type() == ssh.KeyAlgoRSA {
		return []string{ssh.KeyAlgoRSASHA512, ssh.KeyAlgoRSASHA256}
	}
	return []string{key.Type()}
}

// handshake tells who did not know whom, where the connection stood.
func handshake(err error, known bool) error {
	if _, broken := errors.AsType[net.Error](err); broken || errors.Is(err, io.EOF) {
		return err
	}
	if _, none := errors.AsType[*ssh.AlgorithmNegotiationError](err); none { // it has no key of that kind
		return fmt.Errorf("%w: %w", errIdentity, err)
	}
	if known {
		return fmt.Errorf("%w: %w", errLogin, err)
	}
	return err
}

func (s sftpServer) size(name string) (int64, error) {
	info, err := s.client.Stat(name)
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

func (s sftpServer) put(name string, r io.Reader) error {
	f, err := s.client.Create(name)
	if err != nil {
		return err
	}
	_, err = f.ReadFromWithConcurrency(r, 0)
	if _, can := s.client.HasExtension("fsync@openssh.com"); err == nil && can {
		err = f.Sync()
	}
	if _, is := errors.AsType[*sftp.StatusError](err); is { // it says no more than "failure" of a full disk
		err = fmt.Errorf("%w: %w", errFull, err)
	}
	return errors.Join(err, f.Close())
}

func (s sftpServer) open(name string) (io.ReadCloser, error) { return s.client.Open(name) }

// rename leaves what is there as it is.
func (s sftpServer) rename(from, to string) error {
	err := s.client.Rename(from, to)
	if _, there := s.client.Stat(to); err != nil && there == nil {
		return fmt.Errorf("%w: %s", errThere, to)
	}
	return err
}

func (s sftpServer) remove(name string) error { return s.client.Remove(name) }

func (s sftpServer) close() error { return errors.Join(s.client.Close(), s.shell.Close()) }
