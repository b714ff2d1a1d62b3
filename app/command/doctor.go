package command

import (
	"context"
	"flag"
	"fmt"
	"io"
	"time"

	"selfhelp/app/config"
	"selfhelp/app/doctor"
)

var doctorCommand = Command{
	Name:    "doctor",
	Summary: "look at everything a server stands on, and say what mends it",
	Text: `Looks at the settings, the data folder and its databases, the replica, the
certificate and the port, and the machine, and says of each whether it is ok, with
what mends it below. It changes nothing, and works while the server runs. Run it
with the settings and the account of the server. Exit code 1 when something is wrong;
warnings do not count.

With the settings of a second site that waits (selfhelp standby) it looks at what that
one needs: the folder --receive, the keys of the first site, when that was heard last,
and when what came was restored. Such a site has --receive and no databases; where it
has some of before, --standby says so.`,
	Facts: []any{examined{}},
	Prepare: func(set *flag.FlagSet) Deed {
		settings := config.Flags(set)
		thorough := set.Bool("thorough", false, "look at every page and reference of the databases: a second for each gigabyte")
		network := set.Bool("network", false, "see also whether the mail server can be reached")
		waits := set.Bool("standby", false, "this is a second site that waits, though databases of before are in its folder")
		asJSON := set.Bool("json", false, "print JSON")
		return func(ctx context.Context, t Terminal, operands []string) error {
			if len(operands) > 0 {
				return Misused("it takes no operand, but got %q", operands[0])
			}
			c, err := settings(t.Env)
			if err != nil {
				return found(t.Out, []doctor.Line{{
					Check: "settings file", Verdict: doctor.Wrong, Found: describe(err), Mend: "nothing else can be looked at before it can be read",
				}}, *asJSON)
			}
			lines := doctor.Look(ctx, doctor.Patient{Config: c, Locks: t.LockError, Now: time.Now(), Thorough: *thorough, Network: *network, Standby: *waits, Copies: copiesOf(c)})
			return found(t.Out, lines, *asJSON)
		}
	},
}

// examined is what the doctor found, for programs.
type examined struct {
	Wrong    int           `json:"wrong"`
	Warnings int           `json:"warnings"`
	Checks   []doctor.Line `json:"checks"`
}

func found(out io.Writer, lines []doctor.Line, asJSON bool) error {
	r := examined{Checks: lines}
	width := 0
	for _, l := range lines {
		switch l.Verdict {
		case doctor.Wrong:
			r.Wrong++
		case doctor.Warning:
			r.Warnings++
		}
		width = max(width, len(l.Check))
	}
	if asJSON {
		if err := PrintJSON(out, r); err != nil {
			return err
		}
	} else {
		for _, l := range lines {
			fmt.Fprintf(out, "%-7s  %-*s  %s\n", l.Verdict, width, l.Check, l.Found)
			if l.Mend != "" {
				fmt.Fprintf(out, "%*s→ %s\n", 7+2+width+2, "", l.Mend)
			}
		}
		fmt.Fprintf(out, "%d looked at, %s, %d wrong\n", len(lines), count(r.Warnings, "warning"), r.Wrong)
	}
	if r.Wrong > 0 {
		return ErrBad
	}
	return nil
}
