package app

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"time"

	"selfhelp/app/command"
	"selfhelp/app/config"
	"selfhelp/app/demo"
)

var demoCommand = command.Command{
	Name:    "demo",
	Summary: "run the server with demonstration content, on this machine only",
	Text: `Starts a server that has two projects in French and English, accounts, and some
past executions, and prints the address and the accounts. Their passwords are
public: it refuses an address that other machines can reach.

Without --data everything stands in a temporary folder that goes when it stops;
with it, the folder is filled the first time and found again the next.`,
	Facts: []any{demoFacts{}},
	Prepare: func(set *flag.FlagSet) command.Deed {
		settings := config.Flags(set, "listen", "role")
		data := set.String("data", "", "`FOLDER` to keep the demonstration in")
		asJSON := set.Bool("json", false, "print the address and the accounts as JSON")
		return func(ctx context.Context, t Terminal, operands []string) error {
			if len(operands) > 0 {
				return command.Misused("it takes no operand, but got %q", operands[0])
			}
			c, err := settings(t.Env)
			if err != nil {
				return err
			}
			if !c.Loopback() {
				return command.Misused("the demo's passwords are public: it listens on 127.0.0.1 only, not on %s", c.Listen)
			}
			if c.Role == config.Presentation {
				return command.Misused("the demo has something to show by itself: a presentation server is started with selfhelp serve --role presentation")
			}
			c.Data, c.Demo = *data, true
			c.TimeZone = cmp.Or(c.TimeZone, "Europe/Paris") // where the people of the demo work
			c.Certificate, c.Key, c.ACME, c.Address, c.BehindProxy = "", "", "", "", ""
			return inFolder(c, func(c config.Config) error { return runDemo(ctx, t, c, *asJSON) })
		}
	},
}

// inFolder gives the work a temporary folder when it has none, and takes it
// away afterwards.
func inFolder(c config.Config, work func(config.Config) error) error {
	if c.Data != "" {
		return work(c)
	}
	folder, err := os.MkdirTemp("", "selfhelp-demo-")
	if err != nil {
		return fmt.Errorf("make a folder for the demo: %w", err)
	}
	c.Data = folder
	return errors.Join(work(c), os.RemoveAll(folder))
}

func runDemo(ctx context.Context, t Terminal, c config.Config, asJSON bool) error {
	if t.LockError != nil {
		return fmt.Errorf("this system cannot lock the databases safely: %w", t.LockError)
	}
	clock := &demo.Clock{}
	s, err := open(ctx, c, clock.Now, slog.New(slog.NewTextHandler(t.Err, &slog.HandlerOptions{Level: slog.LevelWarn})))
	if err != nil {
		return err
	}
	if err := s.seed(ctx, clock, t.Err); err != nil {
		return errors.Join(err, s.Close())
	}
	if err := printAccounts(t.Out, s.URL(), asJSON); err != nil {
		return errors.Join(err, s.Close())
	}
	return s.Run(ctx)
}

// seed fills a folder that has no account yet.
func (s *Server) seed(ctx context.Context, clock *demo.Clock, progress io.Writer) error {
	began := time.Now()
	filled, err := demo.Seed(ctx, s.store, s.edition, clock, began)
	if filled {
		fmt.Fprintf(progress, "The demonstration was filled in %.1f s.\n", time.Since(began).Seconds())
	}
	return err
}

// accountLine is an account as it is printed for programs.
type accountLine struct {
	Login    string `json:"login"`
	Password string `json:"password"`
	Name     string `json:"name"`
	Role     string `json:"role"`
}

// demoFacts is where the demonstration is, and for whom.
type demoFacts struct {
	Address  string        `json:"address"`
	Accounts []accountLine `json:"accounts"`
}

func printAccounts(w io.Writer, address string, asJSON bool) error {
	if asJSON {
		lines := make([]accountLine, len(demo.Accounts()))
		for i, a := range demo.Accounts() {
			lines[i] = accountLine{a.Login, a.Password, a.FirstName + " " + a.LastName, string(a.Role)}
		}
		return command.PrintJSON(w, demoFacts{address, lines})
	}
	fmt.Fprintf(w, "Self Help answers on %s\n\nSign in as\n", address)
	for _, a := range demo.Accounts() {
		fmt.Fprintf(w, "  %-12s  %-26s  %s %s, %s\n", a.Login, a.Password, a.FirstName, a.LastName, a.Role)
	}
	_, err := fmt.Fprintln(w, "\nStop it with Ctrl-C.")
	return err
}
