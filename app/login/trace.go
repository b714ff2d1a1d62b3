package login

import (
	"fmt"
	"time"
)

// Trace gathers what was sent to a directory or a provider and what it answered,
// for those who set it up. No secret goes in. A nil Trace gathers nothing.
type Trace struct {
	Lines []TraceLine
	began time.Time
}

// TraceLine is one exchange.
type TraceLine struct {
	After  time.Duration `json:"after"` // since the beginning, in nanoseconds
	Sent   string        `json:"sent"`
	Answer string        `json:"answer,omitempty"` // "" when it did what was asked
	Failed bool          `json:"failed,omitempty"`
}

// maxLines of a trace: a group loop is seen long before.
const maxLines = 200

// Add keeps an exchange: what was sent, and the answer or the error.
func (t *Trace) Add(now time.Time, err error, answer, format string, args ...any) {
	if t == nil || len(t.Lines) >= maxLines {
		return
	}
	if t.began.IsZero() {
		t.began = now
	}
	line := TraceLine{After: now.Sub(t.began), Sent: fmt.Sprintf(format, args...), Answer: answer}
	if err != nil {
		line.Answer, line.Failed = err.Error(), true
	}
	t.Lines = append(t.Lines, line)
}
