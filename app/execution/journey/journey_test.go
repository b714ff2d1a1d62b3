package journey

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"

	"selfhelp/app/execution/entry"
	"selfhelp/app/fault"
)

// whole is a state with something of everything in it.
func whole() State {
	s := State{
		Seq: 12, Restarts: 1, Chain: "abc", Stand: AtEffect, Until: 1234567890123, Key: "k", Slot: "list", Where: "here", Ended: "solved", Aside: true, Thanked: true, Tries: 3,
		Context: Given{ID: "x1", Entry: "main", Version: "2.1", Language: "fr", Channel: "web", From: "a", Test: true, Languages: []string{"en"}, Groups: []string{"g", "h"}},
		Shared:  map[string]any{"s": "é"}, Cells: map[string]any{"hue": 3.0}, Lists: map[string]any{"f": []any{"a", 1.5}}, Outputs: map[string]any{"o": nil},
	}
	s.Context.Bring(Brought{User: map[string]any{"login": "ada"}, Params: map[string]any{"p": -0.25}, Conv: map[string]any{}, Env: map[string]any{}, Vars: map[string]any{}})
	f := Frame{Procedure: "main", Step: "b", Vars: map[string]any{"v": map[string]any{"x": []any{true, false, nil, 1e300, -7.0, "t"}}}, Params: map[string]any{}, Results: map[string]any{"a": map[string]any{"result": "r"}}, Loops: map[string]any{}}
	s.Frames = []Frame{f, {Procedure: "sub", Step: "c", Owner: 0, Vars: map[string]any{}, Params: map[string]any{}, Results: map[string]any{}, Loops: map[string]any{"": []any{"e"}}}}
	s.Trail = []Mark{{Procedure: "main", Step: "a", Nth: 2, Title: "T"}}
	s.Trail[0].SetUndo(undone(&f))
	s.Undo = Undo{Keep: 2, Changes: []Change{{Slot: SlotCell, Name: "hue"}}}
	s.Kept = []Answer{{Procedure: "main", Step: "a", Nth: 1}}
	s.Kept[0].SetPosted(posted.Values, posted.Files)
	return s
}

var posted = entry.Posted{Values: map[string][]string{"answer": {"x", "y"}, "none": nil}, Files: map[string][]entry.File{"f": {{Name: "n", Type: "t", Size: 5, Hash: "h"}}}}

func undone(f *Frame) Undo {
	return Undo{Keep: 1, Changes: []Change{{Slot: SlotVar, Frame: 0, Name: "v", Had: true, Old: 4.0}, {Ended: f, Name: "caller"}}}
}

func TestPackedStatesComeBack(t *testing.T) {
	for name, s := range map[string]State{"whole": whole(), "empty": {}} {
		packed := s.Pack(nil)
		got, ok := unpack(packed)
		if !ok {
			t.Fatalf("%s does not come back", name)
		}
		if again, ok := unpack(got.Pack(nil)); !ok || !reflect.DeepEqual(again, got) {
			t.Errorf("%s is another the second time", name)
		}
		if name == "empty" {
			continue
		}
		got.Context.Brought()
		got.Context.raw, got.Packed = "", nil
		if undo := got.Trail[0].Undo(); !reflect.DeepEqual(undo, undone(&s.Frames[0])) {
			t.Errorf("what brings back the page before: %+v", undo)
		}
		if p := got.Kept[0].Posted(); !reflect.DeepEqual(*p, posted) {
			t.Errorf("what was posted: %+v", p)
		}
		got.Trail[0].undo, s.Trail[0].undo = "", "" // objects are packed in any order
		if !reflect.DeepEqual(got, s) {
			t.Errorf("%s\n got %+v\nwant %+v", name, got, s)
		}
	}
}

// walked is a journey of so many answered pages, with sub-procedures, pages
// without an answer and answers on branches left since.
func walked(pages int) (s State) {
	for i := range pages {
		m := Mark{Procedure: []string{"aaaaaaaaaaaaaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbbbbbbbbbbbbb"}[i/10%2], Step: fmt.Sprintf("ask_%d", i%30), Nth: i / 30}
		s.Trail = append(s.Trail, m)
		if i%7 == 3 || i > 40 && i < 50 {
			continue
		}
		if i%5 == 2 {
			s.Kept = append(s.Kept, Answer{Procedure: "cccccccccccccccccccccccccc", Step: "left", Nth: i})
		}
		s.Kept = append(s.Kept, Answer{Procedure: m.Procedure, Step: m.Step, Nth: m.Nth, posted: string([]byte{byte(i)})})
	}
	return s
}

func TestLongJourneysArePackedInFewBytes(t *testing.T) {
	for _, pages := range []int{1, 2, 20, 60, 300} {
		s := walked(pages)
		packed := s.Pack(nil)
		got, ok := unpack(packed)
		if !ok || !reflect.DeepEqual(got.Trail, s.Trail) || !reflect.DeepEqual(got.Kept, s.Kept) && len(s.Kept) > 0 {
			t.Errorf("a journey of %d pages comes back as\n%+v", pages, got)
		}
		if most := 250 + 25*pages; len(packed) > most {
			t.Errorf("a journey of %d pages takes %d bytes, more than %d", pages, len(packed), most)
		}
	}
}

func TestPagesThatAreNotThereAreRefused(t *testing.T) {
	s := walked(3)
	for name, forged := range map[string]func(p *packer){
		"a procedure": func(p *packer) { p.texts([]string{"a"}); p.uint(1); p.uint(1) },
		"a page":      func(p *packer) { p.texts([]string{"a"}); p.uint(0); p.uint(1); p.uint(1) },
	} {
		p := &packer{}
		forged(p)
		u := &unpacker{b: string(p.b)}
		if u.pages(&s); !u.bad {
			t.Errorf("%s that is not there was read", name)
		}
	}
}

func sealerOf(t testing.TB, names ...string) *Sealer {
	t.Helper()
	var keys []SealKey
	for _, n := range names {
		keys = append(keys, SealKey{ID: n, Secret: bytes.Repeat([]byte(n[:1]), 32)})
	}
	s, err := NewSealer(rand.Reader, keys...)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestSealAndOpen(t *testing.T) {
	large := whole()
	large.Shared["text"] = strings.Repeat("une lampe ", 3000)
	for name, s := range map[string]State{"small": whole(), "large": large} {
		token, err := sealerOf(t, "a").Seal(s)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(token, "ada") || name == "large" && len(token) > 8000 {
			t.Errorf("%s: token of %d bytes", name, len(token))
		}
		got, err := sealerOf(t, "a").Open(token, "x1")
		if err != nil || !bytes.Equal(got.Packed, s.Pack(nil)) && len(got.Packed) != len(s.Pack(nil)) || stepOf(got) != "c" {
			t.Errorf("%s: %v", name, err)
		}
		again, _ := sealerOf(t, "a").Seal(s)
		if again == token {
			t.Errorf("%s: the same token twice", name)
		}
	}
}

func stepOf(s State) string {
	_, step := s.Step()
	return step
}

func TestKeysRotate(t *testing.T) {
	old, err := sealerOf(t, "a").Seal(whole())
	if err != nil {
		t.Fatal(err)
	}
	both := sealerOf(t, "b", "a")
	if _, err := both.Open(old, "x1"); err != nil {
		t.Errorf("the old key no longer opens: %v", err)
	}
	fresh, _ := both.Seal(whole())
	if _, err := sealerOf(t, "a").Open(fresh, "x1"); !fault.Is(err, fault.Invalid) {
		t.Errorf("it is sealed with the old key: %v", err)
	}
	if _, err := sealerOf(t, "b").Open(old, "x1"); !fault.Is(err, fault.Invalid) {
		t.Errorf("a key that was dropped still opens: %v", err)
	}
}

func TestForeignTokensAreRefused(t *testing.T) {
	s := sealerOf(t, "a")
	token, err := s.Seal(whole())
	if err != nil {
		t.Fatal(err)
	}
	raw, _ := base64.RawURLEncoding.DecodeString(token)
	tokens := []string{"", "!", "AAAA", token + "A", token[1:], token + "=", strings.Repeat("A", 200_000), base64.RawURLEncoding.EncodeToString(bytes.Repeat([]byte{255}, 80))}
	for i := range raw {
		changed := bytes.Clone(raw)
		changed[i] ^= 1
		tokens = append(tokens, base64.RawURLEncoding.EncodeToString(changed), base64.RawURLEncoding.EncodeToString(raw[:i]))
	}
	for _, bad := range tokens {
		if _, err := s.Open(bad, "x1"); !fault.Is(err, fault.Invalid) {
			t.Fatalf("%.40q: %v", bad, err)
		}
	}
	if _, err := s.Open(token, "x2"); !fault.Is(err, fault.Invalid) {
		t.Errorf("the token of another execution: %v", err)
	}
	same, err := NewSealer(rand.Reader, SealKey{ID: "a", Secret: bytes.Repeat([]byte("z"), 32)})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := same.Open(token, "x1"); !fault.Is(err, fault.Invalid) {
		t.Errorf("another key of the same name: %v", err)
	}
}

func TestSealerRefuses(t *testing.T) {
	key := bytes.Repeat([]byte("k"), 32)
	for name, keys := range map[string][]SealKey{
		"no key": {}, "no name": {{Secret: key}}, "long name": {{ID: strings.Repeat("n", 33), Secret: key}}, "short key": {{ID: "a", Secret: key[1:]}}, "twice": {{ID: "a", Secret: key}, {ID: "a", Secret: key}},
	} {
		if _, err := NewSealer(rand.Reader, keys...); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
	dry, err := NewSealer(iotest.ErrReader(errors.New("dry")), SealKey{ID: "a", Secret: key})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := dry.Seal(whole()); err == nil {
		t.Error("sealed without randomness")
	}
	huge := whole()
	huge.Shared["x"] = strings.Repeat("x", MaxState)
	if _, err := sealerOf(t, "a").Seal(huge); !fault.Is(err, fault.TooLarge) {
		t.Errorf("a huge state: %v", err)
	}
}

// TestInflatedTokensAreBounded: what was deflated cannot grow beyond a state.
func TestInflatedTokensAreBounded(t *testing.T) {
	if _, err := grow(shapeDeflated, mustShrink(t, bytes.Repeat([]byte("a"), MaxState))); err != nil {
		t.Errorf("a full state: %v", err)
	}
	if _, err := grow(shapeDeflated, mustShrink(t, bytes.Repeat([]byte("a"), MaxState+1))); err == nil {
		t.Error("more than a state comes out")
	}
	if _, err := grow(9, nil); err == nil {
		t.Error("an unknown shape is read")
	}
}

func mustShrink(t *testing.T, b []byte) []byte {
	t.Helper()
	shape, out := shrink(b)
	if shape != shapeDeflated {
		t.Fatal("it did not shrink")
	}
	return out
}

// FuzzOpen gives the sealer tokens of anybody's making.
func FuzzOpen(f *testing.F) {
	s := sealerOf(f, "a", "b")
	token, err := s.Seal(whole())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(token, "x1")
	f.Add("AWFh", "x1")
	f.Add(strings.Repeat("_", 500), "x1") // its key would have a name of 255 bytes
	f.Fuzz(func(t *testing.T, token, execution string) {
		if _, err := s.Open(token, execution); err != nil && !fault.Is(err, fault.Invalid) {
			t.Errorf("%v", err)
		}
	})
}

// FuzzUnpack reads bytes that might come from another program with our key.
func FuzzUnpack(f *testing.F) {
	s := whole()
	f.Add(s.Pack(nil))
	f.Add((&State{}).Pack(nil))
	f.Fuzz(func(t *testing.T, b []byte) {
		s, ok := unpack(b)
		if !ok {
			return
		}
		s.Context.Brought()
		c := Edit(s)
		c.Rewind(s.Undo)
		for i := range s.Trail {
			c.Rewind(s.Trail[i].Undo())
		}
		for i := range s.Kept {
			s.Kept[i].Posted()
		}
		if again, ok := unpack(s.Pack(nil)); !ok || again.Seq != s.Seq {
			t.Error("what was read cannot be read again")
		}
	})
}

// TestNotesAreNoStates seals a note, and offers notes and states to whoever
// wants the other.
func TestNotesAreNoStates(t *testing.T) {
	s := sealerOf(t, "a")
	for _, plain := range []string{"", "what was done", strings.Repeat("what was done ", 2000)} {
		token, err := s.SealNote([]byte(plain), "x1")
		if err != nil {
			t.Fatal(err)
		}
		if got, err := s.OpenNote(token, "x1"); err != nil || string(got) != plain {
			t.Errorf("it says %.20q, %v", got, err)
		}
		for what, refuses := range map[string]func() error{
			"another execution": func() error { _, err := s.OpenNote(token, "x2"); return err },
			"another key":       func() error { _, err := sealerOf(t, "b").OpenNote(token, "x1"); return err },
			"a state":           func() error { _, err := s.Open(token, "x1"); return err },
		} {
			if err := refuses(); !fault.Is(err, fault.Invalid) {
				t.Errorf("%s: %v", what, err)
			}
		}
	}
	state, err := s.Seal(State{Context: Given{ID: "x1"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, token := range []string{state, "", "no token", strings.Repeat("A", 200_000)} {
		if _, err := s.OpenNote(token, "x1"); !fault.Is(err, fault.Invalid) {
			t.Errorf("%.20q opens as a note: %v", token, err)
		}
	}
	if _, err := s.SealNote(make([]byte, MaxState+1), "x1"); !fault.Is(err, fault.TooLarge) {
		t.Errorf("a large note: %v", err)
	}
}
