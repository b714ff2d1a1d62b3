package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"modernc.org/sqlite"

	"selfhelp/app/web/frame"
)

func main() {
	peers := flag.Bool("peers", false, "also build and measure the peers")
	during := flag.Duration("during", 5*time.Second, "how long each load lasts")
	many := flag.Int("many", 10_000, "procedures of the large folder")
	events := flag.Int("events", 10_000_000, "events of the long log, of which a million take some 850 MB while this runs")
	people := flag.Int("people", 10_000, "accounts of a directory, and of a list")
	groups := flag.Int("groups", 1_000, "groups of somebody, and groups filled by rule")
	only := flag.String("only", "", "measure only these, between commas: "+strings.Join(stepNames(), ", "))
	flag.Parse()
	if _, err := sqlite.OFDLocking(true); err != nil { // as the product's main does
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	m := measure{during: *during, many: *many, events: *events, people: *people, groups: *groups, only: *only}
	if err := run(ctx, flag.Args(), *peers, m); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// run measures everything, or is one of the servers when it was started as
// such.
func run(ctx context.Context, args []string, peers bool, m measure) error {
	switch {
	case len(args) == 3 && args[0] == "reference":
		return reference(args[1], args[2])
	case len(args) == 3 && args[0] == "product":
		return product(ctx, args[1], args[2], everything, false)
	case len(args) == 3 && args[0] == "copied":
		return product(ctx, args[1], args[2], everything, true)
	case len(args) == 3 && args[0] == "guarded":
		return product(ctx, args[1], args[2], frame.Limits{Starts: unlimited}, false)
	case len(args) == 3 && args[0] == "answers":
		return answersFor(args[1], args[2])
	case len(args) == 4 && args[0] == "guesses":
		return guesses(ctx, args[1], args[2], args[3])
	case len(args) == 3 && args[0] == "strangers":
		return strangers(ctx, args[1], args[2])
	case len(args) > 0:
		return fmt.Errorf("unknown operands %q", args)
	}
	dir, err := os.MkdirTemp("", "selfhelp-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	m.dir = dir
	err = m.all(ctx)
	if peers {
		err = errors.Join(err, m.peers())
	}
	m.print(os.Stdout)
	return err
}

// self starts this program again as one of its servers.
func self(addr, ready string, args ...string) (*process, error) {
	bin, err := os.Executable()
	if err != nil {
		return nil, err
	}
	return start(addr, ready, bin, args...)
}

func (m *measure) folder(name string) string { return filepath.Join(m.dir, name) }
