package delivery

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/textproto"

	"github.com/jlaffaye/ftp"
)

// ftpServer is one that speaks FTP.
type ftpServer struct{ *ftp.ServerConn }

// dialFTP signs in, after the connection is encrypted where it is to be.
func (t Target) dialFTP(ctx context.Context) (server, error) {
	var options []ftp.DialOption
	var secure *tls.Config
	if t.way == ftpsWay {
		name, _, err := net.SplitHostPort(t.host)
		if err != nil {
			return nil, err
		}
		// Servers believe that who sends data is who signed in when both share a
		// session: without the cache, vsftpd refuses to take any.
		secure = &tls.Config{ServerName: name, RootCAs: t.Roots, MinVersion: tls.VersionTLS12, ClientSessionCache: tls.NewLRUClientSessionCache(4)}
		options = append(options, ftp.DialWithExplicitTLS(secure))
	}
	begun := false
	options = append(options, ftp.DialWithDialFunc(func(_, address string) (net.Conn, error) {
		conn, err := connect(ctx, address)
		if err == nil && begun && secure != nil { // the first one is encrypted by the library, once that is agreed
			conn = &sealed{Conn: tls.Client(conn, secure)}
		}
		begun = true
		return conn, err
	}))
	c, err := ftp.Dial(t.host, options...)
	if said, is := errors.AsType[*textproto.Error](err); is && secure != nil && said.Code >= 500 {
		return nil, fmt.Errorf("%w: %w", errNoTLS, err)
	}
	if err != nil {
		return nil, err
	}
	if err := c.Login(t.user, t.Password); err != nil {
		if said, is := errors.AsType[*textproto.Error](err); is && said.Code >= ftp.StatusInvalidCredentials {
			err = fmt.Errorf("%w: %w", errLogin, err)
		}
		return nil, errors.Join(err, c.Quit())
	}
	return ftpServer{c}, nil
}

// sealed is an encrypted connection for one file.
type sealed struct {
	*tls.Conn
	sent bool
}

func (s *sealed) Write(b []byte) (int, error) {
	s.sent = true
	return s.Conn.Write(b)
}

// Close reads what the server said meanwhile, which nobody asked for: tickets of the
// session. Closed over them, the connection would be reset, and the end of the file
// with it.
func (s *sealed) Close() error {
	if s.sent && s.CloseWrite() == nil {
		io.Copy(io.Discard, s.Conn) // ends with the server's end, or with patience
	}
	return s.Conn.Close()
}

func (s ftpServer) size(name string) (int64, error) {
	n, err := s.FileSize(name)
	if said, is := errors.AsType[*textproto.Error](err); is && said.Code == ftp.StatusFileUnavailable {
		err = fmt.Errorf("%w: %w", fs.ErrNotExist, err)
	}
	return n, err
}

func (s ftpServer) put(name string, r io.Reader) error { return s.Stor(name, r) }

func (s ftpServer) open(name string) (io.ReadCloser, error) { return s.Retr(name) }

// rename asks first: most servers of this kind would write over what is there.
func (s ftpServer) rename(from, to string) error {
	if _, err := s.size(to); err == nil {
		return fmt.Errorf("%w: %s", errThere, to)
	}
	return s.Rename(from, to)
}

func (s ftpServer) remove(name string) error { return s.Delete(name) }

func (s ftpServer) close() error { return s.Quit() }
