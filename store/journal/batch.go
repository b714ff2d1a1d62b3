// Package journal carries what happened on one server to another: it says in
// order what was added or changed there, reads it in batches, and keeps how far
// each was taken in. It refuses to know the network, and what the counters of
// the server that takes it in are.
//
// Its main names are Batch, Cursor, Begin, Read and Follow.
package journal

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// The shape of batches on the way, and their bounds. A single entry that is
// larger, a turn with a large state, is not cut: it travels alone.
const (
	version  = 1
	MaxBatch = 4 << 20
	MaxEntry = 1 << 20
	MaxAlone = 64 << 20
	// maxRows is how many notes one batch reads.
	maxRows = 4096
)

// Cursor is a place in the journal and in the audit of a server. The zero value
// is before the beginning of any.
type Cursor struct {
	Journal string `json:"journal"` // which one; a journal that was restored is another
	N       int64  `json:"n"`
	Mark    int64  `json:"mark"` // of the note N, so that another one with its number is recognised
	Audit   int64  `json:"audit"`
	Seal    []byte `json:"seal,omitempty"` // of the entry Audit
}

// Batch leads from one cursor to another.
type Batch struct {
	First    bool // the journal begins with it
	From, To Cursor
	More     bool // there is more after it
	Entries  []Entry
}

// Entry is one thing that happened; one of its fields is set. An execution
// stands before what speaks of it for the first time in a batch.
type Entry struct {
	N         int64      `json:"n,omitempty"` // of the note; 0 for an execution or an entry of the audit
	Execution *Execution `json:"execution,omitempty"`
	Turn      *Turn      `json:"turn,omitempty"`
	Pause     *Pause     `json:"pause,omitempty"`
	Abandoned *Abandoned `json:"abandoned,omitempty"`
	Postit    *Postit    `json:"postit,omitempty"`
	Feedback  *Feedback  `json:"feedback,omitempty"`
	Search    *Search    `json:"search,omitempty"`
	Message   *Message   `json:"message,omitempty"`
	Audit     *Audit     `json:"audit,omitempty"`

	line []byte // as it travels, once written
}

// Times are microseconds since 1970, as the tables keep them.
type (
	// Execution is a row of the table; where it stands counts only until there is
	// a turn.
	Execution struct {
		ID        string `json:"id"`
		Project   string `json:"project"`
		Procedure string `json:"procedure"`
		Alias     string `json:"alias"`
		Version   string `json:"version"`
		User      string `json:"user,omitempty"`
		Pseudonym bool   `json:"pseudonym,omitempty"`
		Owner     string `json:"owner,omitempty"`
		Channel   string `json:"channel,omitempty"`
		Language  string `json:"language,omitempty"`
		Test      bool   `json:"test,omitempty"`
		Started   int64  `json:"started"`
		Touched   int64  `json:"touched"`
		Ended     int64  `json:"ended,omitempty"`
		Outcome   string `json:"outcome,omitempty"`
		Failed    bool   `json:"failed,omitempty"`
		Step      string `json:"step,omitempty"`
		Within    string `json:"within,omitempty"`
	}

	// Turn is a turn, and how it left its execution, when no other follows yet.
	Turn struct {
		Execution string          `json:"of"`
		Seq       int64           `json:"seq"`
		Parent    int64           `json:"parent"`
		Input     string          `json:"input"`
		Step      string          `json:"step"`
		At        int64           `json:"at"`
		Events    json.RawMessage `json:"events"`
		State     []byte          `json:"state"`
		Left
	}

	// Left is how a turn leaves its execution.
	Left struct {
		Within  string `json:"within,omitempty"` // procedure of the step, when it is not the entry point
		Ended   bool   `json:"ended,omitempty"`
		Outcome string `json:"outcome,omitempty"`
		Failed  bool   `json:"failed,omitempty"`
	}

	// Pause is the code and the label that let somebody go on elsewhere.
	Pause struct {
		Execution string `json:"of"`
		Resume    string `json:"resume"`
		Label     string `json:"label"`
	}

	// Abandoned is what retention found after a turn.
	Abandoned struct {
		Execution string `json:"of"`
		Seq       int64  `json:"seq"`
	}

	// Postit is what somebody left on a page.
	Postit struct {
		ID        int64  `json:"id"`
		Execution string `json:"of"`
		Within    string `json:"within,omitempty"`
		Step      string `json:"step"`
		Text      string `json:"text"`
		At        int64  `json:"at"`
	}

	// Feedback is how somebody says it went.
	Feedback struct {
		Execution string `json:"of"`
		Within    string `json:"within,omitempty"`
		Step      string `json:"step"`
		Scale     string `json:"scale"`
		Score     int64  `json:"score"`
		Comment   string `json:"comment,omitempty"`
		At        int64  `json:"at"`
	}

	// Search is what somebody looked for.
	Search struct {
		ID       int64  `json:"id"`
		At       int64  `json:"at"`
		Project  string `json:"project"`
		Language string `json:"language"`
		Query    string `json:"query"`
		Hits     int64  `json:"hits"`
		Clicked  string `json:"clicked,omitempty"`
	}

	// Message is something that the other server has to do, without what it says.
	Message struct {
		Kind     string `json:"kind"`
		Key      string `json:"key"`
		State    string `json:"state"`
		Attempts int64  `json:"attempts"`
		Due      int64  `json:"due"`
		Error    string `json:"error,omitempty"`
		Created  int64  `json:"created"`
	}

	// Audit is an entry of the audit, with its seal and the one before it.
	Audit struct {
		Seq      int64  `json:"seq"`
		At       int64  `json:"at"`
		Actor    string `json:"actor"`
		Action   string `json:"action"`
		Object   string `json:"object"`
		Detail   string `json:"detail"`
		Previous []byte `json:"previous"`
		Hash     []byte `json:"hash"`
	}
)

// of is the execution that an entry speaks of; "" for none.
func (e Entry) of() string {
	switch {
	case e.Turn != nil:
		return e.Turn.Execution
	case e.Pause != nil:
		return e.Pause.Execution
	case e.Abandoned != nil:
		return e.Abandoned.Execution
	case e.Postit != nil:
		return e.Postit.Execution
	case e.Feedback != nil:
		return e.Feedback.Execution
	}
	return ""
}

// head is the first line of a batch.
type head struct {
	Version int    `json:"version"`
	First   bool   `json:"first"`
	From    Cursor `json:"from"`
	To      Cursor `json:"to"`
	More    bool   `json:"more"`
	Entries int    `json:"entries"`
}

// Encode writes a batch as lines of JSON, its head first.
func (b Batch) Encode(w io.Writer) error {
	first, err := json.Marshal(head{version, b.First, b.From, b.To, b.More, len(b.Entries)})
	if err != nil {
		return fmt.Errorf("write a batch: %w", err)
	}
	out := bufio.NewWriter(w)
	out.Write(first)
	out.WriteByte('\n')
	for i := range b.Entries {
		if err := b.Entries[i].write(); err != nil {
			return fmt.Errorf("write a batch: %w", err)
		}
		out.Write(b.Entries[i].line)
	}
	return out.Flush() // which returns what went wrong before
}

// write makes the line of an entry.
func (e *Entry) write() error {
	if e.line != nil {
		return nil
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(e); err != nil {
		return err
	}
	e.line = out.Bytes()
	return nil
}

// Decode reads a batch, and refuses whatever Encode would not have written.
func Decode(r io.Reader) (b Batch, err error) {
	all, err := io.ReadAll(io.LimitReader(r, MaxAlone+1))
	if err != nil {
		return b, fmt.Errorf("read a batch: %w", err)
	}
	if b, err = decode(all); err != nil {
		return Batch{}, fmt.Errorf("read a batch: %w", err)
	}
	return b, nil
}

func decode(all []byte) (b Batch, err error) {
	if len(all) > MaxAlone {
		return b, fmt.Errorf("it is larger than %d bytes", MaxAlone)
	}
	first, rest, whole := bytes.Cut(all, []byte("\n"))
	var h head
	if err := strictly(first, &h); err != nil || !whole {
		return b, errors.Join(errors.New("its head cannot be read"), err)
	}
	if h.Version != version {
		return b, fmt.Errorf("it has shape %d and this program knows %d", h.Version, version)
	}
	b = Batch{First: h.First, From: h.From, To: h.To, More: h.More}
	for len(rest) > 0 {
		line, after, whole := bytes.Cut(rest, []byte("\n"))
		if !whole {
			return b, errors.New("it is cut short")
		}
		e := Entry{line: rest[:len(line)+1]}
		if err := strictly(line, &e); err != nil {
			return b, fmt.Errorf("entry %d: %w", len(b.Entries)+1, err)
		}
		b.Entries, rest = append(b.Entries, e), after
	}
	if len(b.Entries) != h.Entries {
		return b, fmt.Errorf("it has %d entries of %d", len(b.Entries), h.Entries)
	}
	return b, b.check(len(all))
}

// strictly reads one value, and nothing that it does not know.
func strictly(line []byte, into any) error {
	dec := json.NewDecoder(bytes.NewReader(line))
	dec.DisallowUnknownFields()
	if err := dec.Decode(into); err != nil {
		return err
	}
	if dec.InputOffset() != int64(len(line)) {
		return errors.New("something stands behind it")
	}
	return nil
}
