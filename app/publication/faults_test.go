package publication

import (
	"encoding/base64"

	"selfhelp/app/fault"
)

func keyOfFault(err error) string {
	if err == nil {
		return ""
	}
	key, _ := fault.TextOf(err)
	return key
}

func b64(b []byte) string { return base64.StdEncoding.EncodeToString(b) }
