package command

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"selfhelp/app/load"
)

var loadtestCommand = Command{
	Name:    "loadtest",
	Summary: "use the portal of a server as many people at once, and say how it took that",
	Text: `Lets people use a portal as browsers with script do: each opens it as somebody who
was never there, begins a procedure, answers until it ends, and begins again. They
wait for a page before they ask for the next. Given --project, an archive as export
writes it, they play its scenarios; without, they begin what the portal shows them,
and answer as somebody who takes the first answer. Nobody signs in: what strangers may
not begin is set aside. Pictures, styles and scripts are not fetched: browsers keep
them.

The journeys are real ones: they are counted, and connectors really call. So only a
server on this machine is used, unless --elsewhere says otherwise.

A server lets one address begin ten journeys a second. The people say by
X-Forwarded-For that each comes from an address of their own; a server started with
--behind-proxy private believes that, from its machine and its private network.

Prints journeys, pages a second, how long pages took, and errors. It stops early where
strangers can begin nothing, as at an edition server. Exit code 1 then, when there is
any error, or when no page came. Ended with Ctrl-C, it says what it saw until
then. The page How many servers of the administration reckons on from there.`,
	Facts: []any{load.Report{}, refused{}},
	Prepare: func(set *flag.FlagSet) Deed {
		var w loadWish
		set.StringVar(&w.plan.Address, "address", "http://127.0.0.1:8080", "`URL` of the server")
		set.IntVar(&w.plan.People, "people", 20, fmt.Sprintf("`NUMBER` of people at once, %d at most", load.MostPeople))
		set.DurationVar(&w.plan.For, "for", 30*time.Second, fmt.Sprintf("`TIME` it lasts, %v at most", load.Longest))
		set.DurationVar(&w.plan.Think, "think", 0, "`TIME` that somebody looks at a page, about")
		set.DurationVar(&w.plan.Patience, "patience", 10*time.Second, "`TIME` that somebody waits for a page")
		set.Float64Var(&w.plan.Rate, "rate", 0, "`NUMBER` of journeys begun in a second at most; 0: as people come")
		set.BoolVar(&w.plan.Elsewhere, "elsewhere", false, "the server may stand on another machine")
		set.StringVar(&w.ca, "ca", "", "`FILE` with the certificates, in PEM, of who signed that of the server")
		set.Func("project", "`FILE.zip|FOLDER` of an archive whose scenarios are played; may be repeated", func(name string) error {
			w.projects = append(w.projects, name)
			return nil
		})
		set.BoolVar(&w.json, "json", false, "print JSON")
		return func(ctx context.Context, t Terminal, operands []string) error {
			if len(operands) > 0 {
				return Misused("it takes no operand, but got %q", operands[0])
			}
			return w.run(ctx, t)
		}
	},
}

// loadWish is what the command line says about a load.
type loadWish struct {
	plan     load.Plan
	projects []string
	ca       string
	json     bool
}

func (w *loadWish) run(ctx context.Context, t Terminal) (err error) {
	if w.ca != "" {
		if w.plan.Authorities, err = os.ReadFile(w.ca); err != nil {
			return fmt.Errorf("read the certificates: %w", err)
		}
	}
	if err := w.plan.Check(); err != nil {
		return Misused("%v", err)
	}
	for _, name := range w.projects {
		archive, err := openArchive(name)
		if err != nil {
			return refuseArchive(t.Out, err, "en", w.json)
		}
		w.plan.Scripts = append(w.plan.Scripts, load.ScriptsOf(archive.Project)...)
		if err := archive.Close(); err != nil {
			return err
		}
	}
	if len(w.projects) > 0 && len(w.plan.Scripts) == 0 {
		return Misused("no scenario of --project begins with a procedure that people may start")
	}
	if !w.json {
		fmt.Fprintf(t.Err, "%s at %s, for %v\n", manyPeople(w.plan.People), w.plan.Address, w.plan.For)
	}
	report, err := load.Run(ctx, w.plan)
	if err != nil {
		return err
	}
	if err := w.tell(t, report); err != nil {
		return err
	}
	if report.Errors > 0 || report.Pages == 0 || report.Shut {
		return ErrBad
	}
	return nil
}

func (w *loadWish) tell(t Terminal, r load.Report) error {
	if w.json {
		return PrintJSON(t.Out, r)
	}
	b := &strings.Builder{}
	printLoad(b, r)
	_, err := io.WriteString(t.Out, b.String())
	return err
}

func manyPeople(n int) string {
	if n == 1 {
		return "1 person"
	}
	return fmt.Sprintf("%d people", n)
}

// printLoad says what was seen, for people.
func printLoad(w io.Writer, r load.Report) {
	early := ""
	if r.Interrupted {
		early = ", ended early"
	}
	pace := "without a pause"
	if r.ThinkMS > 0 {
		pace = fmt.Sprintf("looking at each page for about %s", span(r.ThinkMS))
	}
	if r.Rate > 0 {
		pace += fmt.Sprintf(", at most %g journeys begun a second", r.Rate)
	}
	if r.Shut {
		fmt.Fprintf(w, "stopped    somebody who is not signed in can begin nothing at %s\n", r.Address)
		fmt.Fprintln(w, "           An edition server shows strangers nothing: give the address of a presentation server, or of their balancer. There, a project that is published has to be open to everybody.")
	}
	fmt.Fprintf(w, "load       %s for %.1f s%s, %s\n", manyPeople(r.People), r.Seconds, early, pace)
	j := r.Journeys
	fmt.Fprintf(w, "journeys   %d begun, %d finished, %d under way at the end\n", j.Begun, j.Finished, j.Unended)
	for _, lost := range []struct {
		n   int
		why string
	}{
		{j.Closed, "closed to strangers, or not there"}, {j.Refused, "given up at a form that refused whatever was made up for it; scenarios of --project know what to give"}, {j.Stuck, "given up at a page without a way on"},
		{j.TooLong, "given up as too long"}, {j.Broken, "broken off by an error"},
	} {
		if lost.n > 0 {
			fmt.Fprintf(w, "           %d %s\n", lost.n, lost.why)
		}
	}
	printScenarios(w, r.Scenarios)
	fmt.Fprintf(w, "pages      %d: %.1f a second, %.1f in a journey\n\n", r.Pages, r.PagesPerSecond, r.PagesAJourney)
	printLatencies(w, r)
	fmt.Fprintf(w, "\nerrors     %d\n", r.Errors)
	for _, e := range r.ErrorKinds {
		fmt.Fprintf(w, "           %d %s: %s\n", e.Count, e.Kind, e.First)
		if hint := loadHints[e.Kind]; hint != "" {
			fmt.Fprintf(w, "           %s\n", hint)
		}
	}
}

// loadHints say what to do about some kinds of error.
var loadHints = map[string]string{
	"status 429": "the server takes everybody for one visitor: start it with --behind-proxy private, so that it believes where they come from",
	"status 503": "the server turned people away to go on serving the others",
	"elsewhere":  "addresses of other servers are not followed: give --address as people type it, with https where it is spoken",
}

func printScenarios(w io.Writer, p *load.Played) {
	if p == nil {
		return
	}
	fmt.Fprintf(w, "scenarios  %d: followed %d times, left %d times\n", p.Given, p.Followed, p.Left)
	if len(p.Aside) > 0 {
		fmt.Fprintf(w, "           set aside, closed to strangers or not there: %s\n", strings.Join(p.Aside, ", "))
	}
}

func printLatencies(w io.Writer, r load.Report) {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "\tpages\thalf within\t95 % within\t99 % within\tlongest\t")
	line := func(name string, n int, l load.Latency) {
		fmt.Fprintf(table, "%s\t%d\t%s\t%s\t%s\t%s\t\n", name, n, span(l.P50), span(l.P95), span(l.P99), span(l.Longest))
	}
	line("all", r.Pages, r.Latency)
	for _, k := range r.Kinds {
		line(k.Name, k.Pages, k.Latency)
	}
	table.Flush() // a builder takes everything
}

// span writes milliseconds.
func span(ms float64) string {
	switch {
	case ms >= 10_000:
		return fmt.Sprintf("%.1f s", ms/1000)
	case ms >= 100:
		return fmt.Sprintf("%.0f ms", ms)
	}
	return fmt.Sprintf("%.1f ms", ms)
}
