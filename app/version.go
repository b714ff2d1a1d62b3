package app

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
)

// Version is the product's own; CHANGELOG.md begins with it.
const Version = "0.1.0"

var versionCommand = command{
	name:    "version",
	summary: "print the version, and with --json what the binary is made of",
	text:    "Prints the version of the product and of Go; with --json also every module inside.",
	prepare: func(set *flag.FlagSet) runFunc {
		asJSON := set.Bool("json", false, "print JSON")
		return func(_ context.Context, t Terminal, operands []string) error {
			if len(operands) > 0 {
				return misused("it takes no operand, but got %q", operands[0])
			}
			if *asJSON {
				return printJSON(t.Out, madeOf())
			}
			_, err := fmt.Fprintf(t.Out, "selfhelp %s (%s, %s/%s)\n", Version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
			return err
		}
	},
}

// versionFacts is what the binary is made of.
type versionFacts struct {
	Version string            `json:"version"`
	Go      string            `json:"go"`
	System  string            `json:"system"`
	Commit  string            `json:"commit,omitempty"`
	Modules map[string]string `json:"modules"` // path → version
}

func madeOf() versionFacts {
	facts := versionFacts{Version: Version, Go: runtime.Version(), System: runtime.GOOS + "/" + runtime.GOARCH, Modules: map[string]string{}}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return facts
	}
	for _, m := range info.Deps {
		facts.Modules[m.Path] = m.Version
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			facts.Commit = s.Value
		}
	}
	return facts
}

// printJSON prints facts for programs.
func printJSON(w io.Writer, facts any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(facts)
}
