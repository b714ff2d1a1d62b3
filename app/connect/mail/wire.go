package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"

	"github.com/wneessen/go-mail/log"

	"selfhelp/app/login"
)

// wire is one connection to a server: what is said on it goes into a trace, and
// it can be cut. The library blanks what is said while signing in.
type wire struct {
	server  Server
	trace   *login.Trace
	conn    net.Conn // nil: the server was not reached
	sent    string   // what no answer came to yet
	refused bool     // the trace has what failed
	signing bool     // what failed, or was sent last, was for signing in
}

// dial reaches the server.
func (w *wire) dial(ctx context.Context, network, address string) (net.Conn, error) {
	w.sent = "connect " + address
	var err error
	if w.server.Security == TLS {
		w.sent += ", TLS"
		w.conn, err = (&tls.Dialer{Config: w.server.tls()}).DialContext(ctx, network, address)
	} else {
		w.conn, err = (&net.Dialer{}).DialContext(ctx, network, address)
	}
	if err != nil {
		w.conn = nil
		return nil, err
	}
	w.trace.Add(time.Now(), nil, login.Said{}, login.AsWritten(w.sent))
	w.sent = ""
	return w.conn, nil
}

// close cuts the connection.
func (w *wire) close() {
	if w.conn != nil {
		w.conn.Close()
	}
}

// Debugf takes what is said on the connection.
func (w *wire) Debugf(l log.Log) {
	said := short(fmt.Sprintf(l.Format, l.Messages...))
	if l.Direction == log.DirClientToServer {
		w.sent = said
		if !w.refused {
			w.signing = strings.HasPrefix(said, "<SMTP auth") || strings.HasPrefix(said, "AUTH ")
		}
		return
	}
	var refusal error
	if strings.HasPrefix(said, "4") || strings.HasPrefix(said, "5") {
		refusal, w.refused = errors.New(said), true
	}
	w.trace.Add(time.Now(), refusal, login.AsWritten(said), login.AsWritten(w.sent))
	w.sent = ""
}

// Infof, Warnf and Errorf are of the library's interface; it says nothing there
// that the trace does not have.
func (w *wire) Infof(log.Log) {}

// Warnf is Infof.
func (w *wire) Warnf(log.Log) {}

// Errorf is Infof.
func (w *wire) Errorf(log.Log) {}

// fails ends the trace with what went wrong, where no answer says it.
func (w *wire) fails(why string) {
	if !w.refused {
		w.trace.Add(time.Now(), errors.New(why), login.Said{}, login.AsWritten(w.sent))
	}
}
