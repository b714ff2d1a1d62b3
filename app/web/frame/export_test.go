package frame

import (
	"bytes"
	"time"
)

// What the tests of the frame look at inside.
var EveryHeader = everyHeader

const (
	PagePolicy  = pagePolicy
	FlashCookie = flashCookie
)

// ForgetHealth makes the next question about health look again.
func (s *Site) ForgetHealth() { s.pulse.next = time.Time{} }

// Addressed is a page with whom it is for in its forms.
func Addressed(page []byte, mark string) string {
	var out bytes.Buffer
	addressed(&out, page, mark)
	return out.String()
}
