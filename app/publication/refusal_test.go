package publication

import (
	"errors"
	"os"
	"strings"
	"testing"

	"selfhelp/app/fault"
)

func TestMissingFilesAreRefused(t *testing.T) {
	key, _ := keyOf('a')
	folder := t.TempDir()
	in := input(generate(2, 4))
	in.HasFile = func(hash string) bool { return hash != strings.Repeat("ab", 32) }
	_, err := Build(folder, in, key)
	var refusal *Refusal
	if !errors.As(err, &refusal) || len(refusal.Missing) != 1 || refusal.Missing[0].Name != "lamp.png" || !fault.Is(err, fault.Invalid) {
		t.Errorf("got %v", err)
	}
	if err := examined(in); !errors.As(err, &refusal) {
		t.Errorf("check: got %v", err)
	}
	if names, err := os.ReadDir(folder); err != nil || len(names) != 0 {
		t.Errorf("a refusal left %v (%v)", names, err)
	}
}

// examined returns the refusal of a version as an error, or why it could not be
// examined.
func examined(in Input) error {
	f, err := Examine(in)
	if r := f.Refusal(); err == nil && r != nil {
		return r
	}
	return err
}

// TestEmptyProjectsAreRefused: there is nothing for people in them.
func TestEmptyProjectsAreRefused(t *testing.T) {
	key, _ := keyOf('a')
	in := input(generate(2, 4))
	in.Project.Procedures, in.Project.Scenarios = nil, nil
	_, err := Build(t.TempDir(), in, key)
	var refusal *Refusal
	if !errors.As(err, &refusal) || !refusal.Empty || !fault.Is(err, fault.Invalid) {
		t.Fatalf("got %v", err)
	}
	if key, _ := fault.TextOf(err); key != "fault.publication.empty" {
		t.Errorf("people read %s", key)
	}
}
