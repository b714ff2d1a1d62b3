package app

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write what is printed into testdata")

// mute are the commands that take no --json; each says why.
var mute = []string{"completion", "guide", "healthcheck", "man", "serve", "standby"}

// TestEveryCommandSpeaksJSON looks at the table: a command takes --json and says
// what it prints, or says why it does not.
func TestEveryCommandSpeaksJSON(t *testing.T) {
	for _, c := range commands() {
		set := flag.NewFlagSet(c.Name, flag.ContinueOnError)
		c.Prepare(set)
		takes := set.Lookup("json") != nil
		switch {
		case slices.Contains(mute, c.Name):
			if takes || c.Mute == "" {
				t.Errorf("%s takes --json, or does not say why not", c.Name)
			}
		case !takes || len(c.Facts) == 0 || c.Mute != "":
			t.Errorf("%s takes no --json, or does not say what it prints", c.Name)
		}
	}
}

// TestMisuseIsADocument gives every command a flag that there is not.
func TestMisuseIsADocument(t *testing.T) {
	for _, c := range commands() {
		if c.Mute != "" {
			continue
		}
		for _, args := range [][]string{{c.Name, "--json", "--dance"}, {c.Name, "--dance", "--json"}} {
			var out, errs bytes.Buffer
			code := Main(t.Context(), Terminal{Args: args, Out: &out, Err: &errs})
			var said struct {
				Error struct{ Command, Kind, Sentence string }
			}
			if err := json.Unmarshal(out.Bytes(), &said); err != nil {
				t.Fatalf("%v printed %q: %v", args, out.String(), err)
			}
			if code != 2 || errs.Len() > 0 || said.Error.Kind != "misuse" || said.Error.Command != c.Name || !strings.Contains(said.Error.Sentence, "dance") {
				t.Errorf("%v ended with %d and said %+v, and %q", args, code, said, errs.String())
			}
		}
	}
}

// TestShapesAreKept holds what --json prints to what it printed before: programs
// read it. A change that is meant is written with -update, and into CHANGELOG.md.
func TestShapesAreKept(t *testing.T) {
	var got strings.Builder
	for _, c := range commands() {
		var out bytes.Buffer
		Main(t.Context(), Terminal{Args: []string{"help", c.Name}, Out: &out, Err: &out})
		if _, shapes, has := strings.Cut(out.String(), "\nWith --json"); has {
			_, shapes, _ = strings.Cut(shapes, ":\n")
			got.WriteString(c.Name + "\n" + shapes + "\n")
		}
	}
	name := filepath.Join("testdata", "shapes.txt")
	if *update {
		if err := os.WriteFile(name, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil || got.String() != string(want) {
		t.Errorf("what --json prints is not as in %s (%v):\n%s", name, err, got.String())
	}
}
