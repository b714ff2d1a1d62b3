package replica

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"strings"
	"syscall"

	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
	"github.com/studio-b12/gowebdav"

	"selfhelp/store/replica/steady"
)

// Reason is why a target takes nothing, as far as what it answered tells.
type Reason string

// The reasons; "" is any other.
const (
	Full       Reason = "full"
	ReadOnly   Reason = "read_only"
	Refuses    Reason = "refused"   // user, password or keys
	Unprepared Reason = "no_target" // the mark of a target is missing: what was mounted there is not
	Silent     Reason = "silent"
)

// ReasonOf tells it from an error.
func ReasonOf(err error) Reason {
	_, cut := errors.AsType[net.Error](err)
	switch {
	case err == nil:
		return ""
	case errors.Is(err, ErrRefused) || refuses(err):
		return Refuses
	case errors.Is(err, ErrNoTarget):
		return Unprepared
	case errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) || answered(err, 507):
		return Full
	case errors.Is(err, syscall.EROFS) || errors.Is(err, fs.ErrPermission):
		return ReadOnly
	case cut || errors.Is(err, steady.ErrSilent) || errors.Is(err, context.DeadlineExceeded):
		return Silent
	}
	return ""
}

// answered says whether a server answered with a status.
func answered(err error, status int) bool {
	s3, ofS3 := errors.AsType[*smithyhttp.ResponseError](err)
	dav, ofDAV := errors.AsType[gowebdav.StatusError](err) // the client looks for it in the outermost error only
	return ofS3 && s3.HTTPStatusCode() == status || ofDAV && dav.Status == status
}

// ErrRefused says that a target does not let this server in.
var ErrRefused = errors.New("the target refuses this server: look at the user, the password or the keys of its replica in the file that --config names, and at what they may do there")

// refused names the credentials where a target refuses them, each kind in its words.
func refused(err error) error {
	if err == nil || errors.Is(err, ErrRefused) || !refuses(err) {
		return err
	}
	return fmt.Errorf("%w: %w", ErrRefused, err)
}

func refuses(err error) bool {
	if gowebdav.IsErrCode(err, 401) || gowebdav.IsErrCode(err, 403) {
		return true
	}
	if answer, is := errors.AsType[*smithyhttp.ResponseError](err); is {
		if _, named := errors.AsType[smithy.APIError](err); named && (answer.HTTPStatusCode() == 401 || answer.HTTPStatusCode() == 403) {
			return true
		}
	}
	return strings.Contains(err.Error(), "ssh: unable to authenticate")
}
