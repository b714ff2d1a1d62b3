package frame

import "time"

// What the tests of the frame look at inside.
var EveryHeader = everyHeader

const (
	PagePolicy  = pagePolicy
	FlashCookie = flashCookie
)

// ForgetHealth makes the next question about health look again.
func (s *Site) ForgetHealth() { s.pulse.next = time.Time{} }
