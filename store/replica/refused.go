package replica

import (
	"errors"
	"fmt"
	"strings"

	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
	"github.com/studio-b12/gowebdav"
)

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
