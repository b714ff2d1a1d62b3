package directory

import (
	"fmt"
	"time"
)

// Trace gathers what was sent to a directory and what it answered, for those who
// set it up. Passwords never go in. A nil Trace gathers nothing.
type Trace struct {
	Lines []Line
	began time.Time
}

// Line is one exchange.
type Line struct {
	After  time.Duration // since the beginning
	Sent   string
	Answer string // "" when it did what was asked
	Failed bool
}

// maxLines of a trace: a group loop is seen long before.
const maxLines = 200

func (t *Trace) add(now time.Time, err error, answer, format string, args ...any) {
	if t == nil || len(t.Lines) >= maxLines {
		return
	}
	if t.began.IsZero() {
		t.began = now
	}
	line := Line{After: now.Sub(t.began), Sent: fmt.Sprintf(format, args...), Answer: answer}
	if err != nil {
		line.Answer, line.Failed = err.Error(), true
	}
	t.Lines = append(t.Lines, line)
}
