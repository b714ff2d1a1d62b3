package store

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"selfhelp/store/keys"
)

// TestKeysRotate: a new key opens at once and seals once every server had the time
// to be given it; one that was replaced goes when nothing it wrote is good any more.
func TestKeysRotate(t *testing.T) {
	dir := t.TempDir()
	reopen := func() *Keys { return must[*Keys](t)(keys.Open(dir, contentSchema.Name+".db", quiet())) }
	k := reopen()
	oldState, oldVisitor, pseudonym := k.States[0], k.Visitors[0], k.Pseudonym("ada")
	now := time.Now().Add(24 * time.Hour).Truncate(time.Second)
	if dropped := must[[]string](t)(k.Rotate(now)); len(dropped) != 0 {
		t.Errorf("dropped %v", dropped)
	}
	for _, k := range []*Keys{k, reopen()} {
		if len(k.States) != 2 || len(k.Visitors) != 2 || k.States[0].ID != "0002" || k.Visitors[0].ID != "0002" || !k.States[0].Made.Equal(now.UTC().Truncate(time.Second)) {
			t.Errorf("the keys are %+v, %+v", k.States, k.Visitors)
		}
		for after, first := range map[time.Duration]string{0: "0001", keys.Settling - time.Minute: "0001", keys.Settling: "0002"} {
			states, visitors := k.InUse(now.Add(after))
			if len(states) != 2 || len(visitors) != 2 || states[0].ID != first || visitors[0].ID != first {
				t.Errorf("after %v the first are %+v, %+v, want %s", after, states, visitors, first)
			}
		}
	}
	last := now.Add(keys.Settling + keys.VisitorLife)
	if dropped := must[[]string](t)(k.Rotate(last)); len(dropped) != 0 {
		t.Errorf("in the last hour of its life a key is dropped: %v", dropped)
	}
	dropped := must[[]string](t)(k.Rotate(last.Add(time.Second)))
	if want := []string{"state-0001.key", "visitor.key"}; !slices.Equal(dropped, want) {
		t.Errorf("dropped %v, want %v", dropped, want)
	}
	again := reopen()
	if len(again.States) != 3 || len(again.Visitors) != 3 || again.States[2].ID != "0002" || bytes.Equal(again.States[2].Key, oldState.Key) || bytes.Equal(again.Visitors[2].Key, oldVisitor.Key) {
		t.Errorf("the keys are %+v, %+v", again.States, again.Visitors)
	}
	if again.Pseudonym("ada") != pseudonym {
		t.Error("somebody has another pseudonym: what stands under the first would not be erased with them")
	}
}

// TestKeysOfBefore: a folder of before says no ages and has no key for pseudonyms.
func TestKeysOfBefore(t *testing.T) {
	dir := t.TempDir()
	k := must[*Keys](t)(keys.Open(dir, contentSchema.Name+".db", quiet()))
	want := k.Pseudonym("ada")
	check(t, os.Remove(filepath.Join(dir, "keys", "pseudonym.key")))
	made := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	check(t, os.Chtimes(filepath.Join(dir, "keys", "visitor.key"), made, made))
	again := must[*Keys](t)(keys.Open(dir, contentSchema.Name+".db", quiet()))
	if again.Pseudonym("ada") != want || !again.Visitors[0].Made.Equal(made) {
		t.Errorf("pseudonym %s, want %s; made %v", again.Pseudonym("ada"), want, again.Visitors[0].Made)
	}
}

// TestKeysAreCarried to a server that joins, with their ages, and again when they
// were rotated: what is not among them any more goes.
func TestKeysAreCarried(t *testing.T) {
	dir := t.TempDir()
	from := must[*Keys](t)(keys.Open(t.TempDir(), contentSchema.Name+".db", quiet()))
	to := must[*Keys](t)(keys.Open(dir, contentSchema.Name+".db", quiet()))
	now := time.Now().Truncate(time.Second)
	for round := range 4 {
		check(t, to.Take(from.Shared()))
		again := must[*Keys](t)(keys.Open(dir, contentSchema.Name+".db", quiet()))
		for _, k := range []*Keys{to, again} {
			if k.Shared().Mark() != from.Shared().Mark() || k.Pseudonym("ada") != from.Pseudonym("ada") {
				t.Fatalf("round %d: the keys are %+v, want %+v", round, k.Shared(), from.Shared())
			}
		}
		now = now.Add(keys.VisitorLife)
		must[[]string](t)(from.Rotate(now))
	}
	if n := len(must[[]string](t)(filepath.Glob(filepath.Join(dir, "keys", "visitor*.key")))); n != 3 {
		t.Errorf("%d keys of visitors are left", n)
	}
}
