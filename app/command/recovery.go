package command

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"selfhelp/app/config"
	"selfhelp/app/recovery"
	"selfhelp/store"
	"selfhelp/store/replica"
)

var recoveryCommand = Command{
	Name:     "recovery",
	Operands: "[begin|done PHASE|note|end [TEXT]]",
	Summary:  "follow the plan by which another site takes over, and keep its log",
	Text: `Without an operand it prints the seven phases of the plan, where it stands, and who
did what when. The administration has the same as a page; this is for when no server
runs. What is noted here waits in the data folder and comes into the audit once the
server is started there.

  selfhelp recovery begin --data /var/lib/selfhelp "the first site does not answer"
  selfhelp recovery done --data /var/lib/selfhelp 1 "the provider confirms a fire"
  selfhelp recovery note --data /var/lib/selfhelp "expected until tomorrow"
  selfhelp recovery end --data /var/lib/selfhelp

promote and failback note by themselves what they did. The commands that the phases name
take --config and --data; promote, failback and standby --site and --receive, too.`,
	Facts: []any{recoveryReport{}},
	Prepare: func(set *flag.FlagSet) Deed {
		settings := config.Flags(set, "data", "site", "time-zone")
		drill := set.Bool("drill", false, "with begin: this is a rehearsal")
		asJSON := set.Bool("json", false, "print JSON")
		return func(ctx context.Context, t Terminal, operands []string) error {
			c, err := settings(t.Env)
			if err != nil {
				return err
			}
			if len(operands) > 0 {
				e, err := readEvent(operands)
				if err != nil {
					return err
				}
				e.At, e.By, e.Drill = time.Now().UTC(), operator(t.Env, siteOf(c)), *drill && e.Kind == recovery.Begun
				if _, err := os.Stat(c.Data); c.Data == config.UsualData && errors.Is(err, os.ErrNotExist) {
					return Misused("there is no data folder %s here: name the one of the site with --data", c.Data)
				}
				if err := os.MkdirAll(c.Data, 0o700); err != nil {
					return err
				}
				if err := store.KeepRecoveryNote(c.Data, e); err != nil {
					return err
				}
			}
			return printRecovery(ctx, t.Out, c, *asJSON)
		}
	},
}

// siteOf is the site of a data folder, or what the settings call it while it has none.
func siteOf(c config.Config) string {
	if e, err := replica.EpochOf(c.Data, c.Site, time.Now()); err == nil {
		return e.Site
	}
	return c.Site
}

// operator is who works at this machine, as far as it knows.
func operator(env config.Environment, site string) string {
	for _, name := range []string{"SUDO_USER", "USER", "LOGNAME"} {
		if who, given := env(name); given && who != "" {
			return who + "@" + site
		}
	}
	return "selfhelp@" + site
}

// textMost is how long what is noted may be, as on the page.
const textMost = 2000

// readEvent reads what is to be noted.
func readEvent(operands []string) (e recovery.Event, err error) {
	e.Kind = recovery.Kind(operands[0])
	rest := operands[1:]
	switch e.Kind {
	case recovery.Begun, recovery.Noted, recovery.Ended:
	case recovery.Done:
		if len(rest) == 0 {
			return e, Misused("done takes the number of a phase, 1 to 7")
		}
		n, err := strconv.Atoi(rest[0])
		if err != nil || n < 1 || n > len(recovery.Phases) {
			return e, Misused("done takes the number of a phase, 1 to 7, not %q", rest[0])
		}
		e.Phase, rest = recovery.Phase(n), rest[1:]
	default:
		return e, Misused("it takes begin, done, note or end, not %q", operands[0])
	}
	e.Text = strings.TrimSpace(strings.Join(rest, " "))
	if utf8.RuneCountInString(e.Text) > textMost {
		return e, Misused("the text takes %d letters at most", textMost)
	}
	if e.Text == "" && (e.Kind == recovery.Begun || e.Kind == recovery.Noted) {
		return e, Misused("%s takes a text", e.Kind)
	}
	return e, nil
}

// printable is a text that says nothing to a terminal.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return ' '
	}, text)
}

// phaseNames are the phases as a terminal names them.
var phaseNames = map[recovery.Phase][2]string{
	recovery.Detection: {"Detection", "confirm that it is not a short fault: selfhelp replica status, a call to the site"},
	recovery.Decision:  {"Decision", "whoever may decides, by how long the first site will be away"},
	recovery.Outage:    {"Notice of the outage", "tell the people responsible what happens and what it means for them"},
	recovery.Takeover:  {"Takeover", "at the second site: stop selfhelp standby, selfhelp promote, selfhelp serve; lead the address there"},
	recovery.Available: {"Notice of availability", "the server tells the administrators by itself once it is started"},
	recovery.Repair:    {"Repair", "of the first site; then let it receive: selfhelp standby"},
	recovery.Return:    {"Return", "tell when; stop the second site; at the first: selfhelp failback, selfhelp serve"},
}

// phaseReport is one phase of a run.
type phaseReport struct {
	Phase recovery.Phase `json:"phase"`
	Name  string         `json:"name"`
	Done  time.Time      `json:"done,omitzero"`
}

// recoveryReport is where the plan stands.
type recoveryReport struct {
	Running bool             `json:"running"`
	Drill   bool             `json:"drill"`
	Reason  string           `json:"reason,omitempty"`
	Begun   time.Time        `json:"begun,omitzero"`
	Ended   time.Time        `json:"ended,omitzero"`
	Now     recovery.Phase   `json:"now,omitempty"`
	Phases  []phaseReport    `json:"phases"`
	Log     []recovery.Event `json:"log"`
}

func printRecovery(ctx context.Context, out io.Writer, c config.Config, asJSON bool) error {
	events, err := store.RecoveryOf(ctx, c.Data)
	if err != nil {
		return err
	}
	r := recoveryReport{Log: []recovery.Event{}}
	var run recovery.Run
	if runs := recovery.Runs(events); len(runs) > 0 {
		run = runs[len(runs)-1]
		r.Running, r.Drill, r.Reason, r.Begun, r.Ended, r.Log = run.Ended.IsZero(), run.Drill, run.Reason, run.Begun, run.Ended, run.Events
		if r.Running {
			r.Now = run.Now()
		}
	}
	for _, p := range recovery.Phases {
		r.Phases = append(r.Phases, phaseReport{p, phaseNames[p][0], run.Done(p)})
	}
	if asJSON {
		return PrintJSON(out, r)
	}
	return r.print(out, c.Zone())
}

func (r recoveryReport) print(out io.Writer, zone *time.Location) error {
	at := func(t time.Time) string { return t.In(zone).Format(time.DateTime) }
	kind := "recovery"
	if r.Drill {
		kind = "rehearsal"
	}
	switch {
	case r.Running:
		fmt.Fprintf(out, "%s since %s: %s\n", kind, at(r.Begun), r.Reason)
	case r.Begun.IsZero():
		fmt.Fprintln(out, "nothing is going on, and nothing was")
	default:
		fmt.Fprintf(out, "nothing is going on; the last %s was from %s to %s\n", kind, at(r.Begun), at(r.Ended))
	}
	for _, p := range r.Phases {
		mark := " "
		switch {
		case !p.Done.IsZero():
			mark = "x"
		case p.Phase == r.Now:
			mark = ">"
		}
		fmt.Fprintf(out, "  [%s] %d %-23s %s\n", mark, p.Phase, p.Name, phaseNames[p.Phase][1])
	}
	for _, e := range r.Log {
		what := string(e.Kind)
		if e.Phase > 0 {
			what = fmt.Sprintf("%s %d", e.Kind, e.Phase)
		}
		fmt.Fprintf(out, "%s  %-16s %-7s %s\n", at(e.At), printable(e.By), what, printable(e.Text))
	}
	return nil
}
