package app

import (
	"context"
	"flag"
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"

	"selfhelp/app/command"
)

// Version is the product's own; CHANGELOG.md begins with it.
const Version = "0.1.0"

var versionCommand = command.Command{
	Name:    "version",
	Summary: "print the version, and with --json what the binary is made of",
	Facts:   []any{versionFacts{}},
	Text:    "Prints the version of the product and of Go; with --json also every module inside.",
	Prepare: func(set *flag.FlagSet) command.Deed {
		asJSON := set.Bool("json", false, "print JSON")
		return func(_ context.Context, t Terminal, operands []string) error {
			if len(operands) > 0 {
				return command.Misused("it takes no operand, but got %q", operands[0])
			}
			if *asJSON {
				return command.PrintJSON(t.Out, madeOf())
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

// made is which program this is, for its manual page.
func made() command.Made {
	m := command.Made{Version: Version}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "vcs.time" {
				m.Day, _, _ = strings.Cut(s.Value, "T")
			}
		}
	}
	return m
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
