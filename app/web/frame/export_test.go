package frame

import "bytes"

// What the tests of the frame look at inside.
var EveryHeader = everyHeader

const (
	PagePolicy  = pagePolicy
	FlashCookie = flashCookie
)

// Addressed is a page with whom it is for in its forms.
func Addressed(page []byte, mark string) string {
	var out bytes.Buffer
	addressed(&out, page, mark)
	return out.String()
}
