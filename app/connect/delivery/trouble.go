package delivery

import (
	"context"
	"crypto/tls"
	"errors"
	"io/fs"
	"net/textproto"

	"github.com/jlaffaye/ftp"

	"selfhelp/app/fault"
)

// What can be wrong with a server, beside its connection.
var (
	errIdentity = errors.New("the server is another one than expected")
	errLogin    = errors.New("the server refuses the account")
	errNoTLS    = errors.New("the server offers no TLS")
	errFull     = errors.New("the server could not write the file to its end")
	errThere    = errors.New("there is another file of this name")
	errOther    = errors.New("what came there is something else than was sent")
	errOurs     = errors.New("what is to be sent cannot be read here")
)

func (t Target) dial(ctx context.Context) (server, error) {
	dial := t.dialFTP
	if t.SFTP() {
		dial = t.dialSFTP
	}
	s, err := dial(ctx)
	if err != nil {
		return nil, opening{err}
	}
	return s, nil
}

// opening is a failure before anything was asked for.
type opening struct{ error }

func (o opening) Unwrap() error { return o.error }

// told gives what went wrong its sentence.
func (t Target) told(ctx context.Context, err error) error {
	if err == nil || ctx.Err() != nil || errors.Is(err, errOurs) {
		return errors.Join(err, ctx.Err())
	}
	told := &fault.Error{Kind: fault.Unavailable, Args: []any{t.Name()}, Cause: err}
	_, certificate := errors.AsType[*tls.CertificateVerificationError](err)
	_, atOpening := errors.AsType[opening](err)
	said, answered := errors.AsType[*textproto.Error](err)
	switch {
	case certificate || errors.Is(err, errIdentity):
		told.Key, told.Hint = "fault.delivery.identity", "ask who runs it whether its key or certificate was changed; then give the new one with --backup-copy-host-key or --backup-copy-ca"
	case errors.Is(err, errLogin):
		told.Key, told.Hint = "fault.delivery.login", "look at the user in --backup-copy and at the password or key"
	case errors.Is(err, errNoTLS):
		told.Key, told.Hint = "fault.delivery.no_tls", "have TLS switched on there (AUTH TLS), or take sftp://"
	case errors.Is(err, errThere):
		told.Key, told.Hint = "fault.delivery.there", "look whose it is, and rename or remove it: nothing is written over"
	case errors.Is(err, errOther):
		told.Key, told.Hint = "fault.delivery.other", "look at the disk there; it is sent again in an hour"
	case errors.Is(err, errFull), answered && full(said.Code):
		told.Key, told.Hint = "fault.delivery.full", "have room made there, or the quota raised"
	case errors.Is(err, fs.ErrPermission), errors.Is(err, fs.ErrNotExist), answered && unwelcome(said.Code):
		told.Key, told.Hint = "fault.delivery.refused", "look whether the folder is there and the account may write, read and rename in it"
	case atOpening:
		told.Key, told.Hint = "fault.delivery.away", "look at the address, the network and the firewalls on the way"
	default:
		told.Key, told.Hint = "fault.delivery.cut", "it is sent from the beginning the next time"
	}
	return told
}

// full says that a server could not keep what was sent: 451 is what vsftpd answers
// then, 452 and 552 what the standard says.
func full(code int) bool {
	return code == ftp.StatusActionAborted || code == ftp.Status452 || code == ftp.StatusExceededStorage
}

// unwelcome says that a server does not take a file of the name, or in the folder.
func unwelcome(code int) bool {
	return code == ftp.StatusFileUnavailable || code == ftp.StatusBadFileName || code == ftp.StatusStorNeedAccount
}
