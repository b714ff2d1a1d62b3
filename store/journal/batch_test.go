package journal

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

func aBatch() Batch {
	return Batch{
		First: true, From: Cursor{Journal: "j"}, To: Cursor{Journal: "j", N: 3, Mark: 9, Audit: 1, Seal: make([]byte, 32)},
		Entries: []Entry{
			{Execution: &Execution{ID: "x", Project: "p", Procedure: "u", Started: 5}},
			{N: 1, Turn: &Turn{Execution: "x", Seq: 1, Input: "i", Step: "s", At: 6, Events: json.RawMessage(`[{"kind":"edge"}]`), State: []byte{0, 255}, Left: Left{Ended: true, Outcome: "solved"}}},
			{N: 2, Postit: &Postit{ID: 1, Execution: "x", Text: "<a>\n\u2028", At: 7}},
			{N: 3, Search: &Search{ID: 4, At: 8, Query: "q"}},
			{Audit: &Audit{Seq: 1, At: 9, Detail: "{}", Hash: make([]byte, 32)}},
		},
	}
}

func encoded(t testing.TB, b Batch) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := b.Encode(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestABatchComesBackAsItWas(t *testing.T) {
	first := encoded(t, aBatch())
	b, err := Decode(bytes.NewReader(first))
	if err != nil {
		t.Fatal(err)
	}
	if again := encoded(t, b); !bytes.Equal(first, again) {
		t.Errorf("%s\nbecame\n%s", first, again)
	}
}

// TestHostileBatches: what no journal writes is refused whole.
func TestHostileBatches(t *testing.T) {
	good := string(encoded(t, aBatch()))
	for name, bad := range map[string]string{
		"nothing":                  "",
		"half a line":              good[:len(good)-20],
		"a line less":              good[:strings.LastIndex(good[:len(good)-1], "\n")+1],
		"a line more":              good + good[strings.LastIndex(good[:len(good)-1], "\n")+1:],
		"another shape":            strings.Replace(good, `"version":1`, `"version":2`, 1),
		"an unknown field":         strings.Replace(good, `"first":true`, `"first":true,"x":1`, 1),
		"an unknown kind":          strings.Replace(good, `"search"`, `"sought"`, 1),
		"two kinds at once":        strings.Replace(good, `{"n":3,`, `{"n":3,"pause":{"of":"x","resume":"","label":""},`, 1),
		"numbers that go back":     strings.Replace(good, `{"n":2,`, `{"n":1,`, 1),
		"a number past the end":    strings.Replace(good, `{"n":3,`, `{"n":4,`, 1),
		"a cursor that goes back":  strings.Replace(good, `"n":3,"mark":9`, `"n":-1,"mark":9`, 1),
		"another journal":          strings.Replace(good, `"to":{"journal":"j"`, `"to":{"journal":"k"`, 1),
		"a hole in the audit":      strings.Replace(good, `{"audit":{"seq":1`, `{"audit":{"seq":2`, 1),
		"an execution of nobody":   strings.Replace(good, `"of":"x"`, `"of":"y"`, 1),
		"an answer to itself":      strings.Replace(good, `"parent":0`, `"parent":1`, 1),
		"a turn before the first":  strings.Replace(good, `"seq":1,"parent"`, `"seq":0,"parent"`, 1),
		"an outcome nobody knows":  strings.Replace(good, `"outcome":"solved"`, `"outcome":"won"`, 1),
		"a time nobody lives":      strings.Replace(good, `"at":6`, `"at":999999999999999999`, 1),
		"events that are no JSON":  strings.Replace(good, `[{"kind":"edge"}]`, `[{"kind":"edge"]`, 1),
		"something behind a value": strings.Replace(good, "\n", " {}\n", 1),
		"a name without end":       strings.Replace(good, `"id":"x"`, `"id":"`+strings.Repeat("x", maxName+1)+`"`, 1),
		"a note that is too large": strings.Replace(good, `"query":"q"`, `"query":"`+strings.Repeat("q", MaxEntry)+`"`, 1),
	} {
		if bad == good {
			t.Errorf("%s: nothing was changed", name)
		}
		if b, err := Decode(strings.NewReader(bad)); err == nil || b.Entries != nil {
			t.Errorf("%s: it was read (%v)", name, err)
		}
	}
}

// TestALargeTurnTravelsAlone: it is read with nothing beside it, and refused with.
func TestALargeTurnTravelsAlone(t *testing.T) {
	b := aBatch()
	b.Entries[1].Turn.State = make([]byte, MaxBatch)
	if _, err := Decode(bytes.NewReader(encoded(t, b))); err == nil {
		t.Error("read in company")
	}
	b = aBatch()
	b.Entries[1].Turn.State = make([]byte, MaxBatch)
	b.To.Audit, b.To.Seal, b.Entries = 0, nil, b.Entries[:2]
	got, err := Decode(bytes.NewReader(encoded(t, b)))
	if err != nil || len(got.Entries[1].Turn.State) != MaxBatch {
		t.Errorf("alone: %v", err)
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(encoded(f, aBatch()))
	f.Add([]byte(`{"version":1,"first":true,"from":{"journal":"j","n":0,"mark":0,"audit":0},"to":{"journal":"j","n":0,"mark":0,"audit":0},"more":false,"entries":0}` + "\n"))
	f.Fuzz(func(t *testing.T, wire []byte) {
		b, err := Decode(bytes.NewReader(wire))
		if err != nil {
			return
		}
		if _, err := Decode(bytes.NewReader(encoded(t, b))); err != nil {
			t.Errorf("read once only: %v", err)
		}
	})
}
