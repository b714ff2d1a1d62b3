package login

import (
	"fmt"
	"time"
)

// Trace gathers what was sent to a directory or a provider and what it answered,
// for those who set it up. No secret goes in, nor how long one is. A nil Trace
// gathers nothing.
type Trace struct {
	Lines []TraceLine
	began time.Time
}

// TraceLine is one exchange.
type TraceLine struct {
	After  time.Duration `json:"after"` // since the beginning, in nanoseconds
	Sent   Said          `json:"sent"`
	Answer Said          `json:"answer,omitzero"` // zero when it did what was asked
	Failed bool          `json:"failed,omitempty"`
}

// Said is one side of an exchange: as a protocol or the other side writes it, or a
// sentence about it, in the language of who reads.
type Said struct {
	Text string   `json:"text,omitempty"`
	Key  string   `json:"key,omitempty"` // of the sentence
	Args []string `json:"args,omitempty"`
}

// String is what was said, for those who write no language: the text, or the key
// and what goes into its sentence.
func (s Said) String() string {
	if s.Key == "" {
		return s.Text
	}
	return fmt.Sprint(s.Key, s.Args)
}

// AsWritten is what a protocol or the other side writes.
func AsWritten(text string) Said { return Said{Text: text} }

// InWords is a sentence about an exchange, by its key.
func InWords(key string, args ...string) Said { return Said{Key: key, Args: args} }

// maxLines of a trace: a group loop is seen long before.
const maxLines = 200

// Add keeps an exchange: what was sent, and the answer or the error.
func (t *Trace) Add(now time.Time, err error, answer, sent Said) {
	if t == nil || len(t.Lines) >= maxLines {
		return
	}
	if t.began.IsZero() {
		t.began = now
	}
	line := TraceLine{After: now.Sub(t.began), Sent: sent, Answer: answer}
	if err != nil {
		line.Answer, line.Failed = AsWritten(err.Error()), true
	}
	t.Lines = append(t.Lines, line)
}
