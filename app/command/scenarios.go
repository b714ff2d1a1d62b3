package command

import (
	"context"
	"flag"
	"fmt"
	"io"
	"slices"

	"selfhelp/app/edition"
	"selfhelp/app/execution/rehearsal"
	"selfhelp/app/procedure"
)

var scenariosCommand = Command{
	Name:     "test",
	Operands: "FILE.zip|FOLDER [SCENARIO…]",
	Summary:  "run the scenarios of an archive and say what differs",
	Text: `Runs every scenario of the archive, or those named by their ids, and prints what
is not as expected. Nothing is called: the scenario's mocks answer, then those of
the steps. Exit code 1 when anything differs.`,
	Facts: []any{[]rehearsal.Result{}, refused{}},
	Prepare: func(set *flag.FlagSet) Deed {
		asJSON := set.Bool("json", false, "print JSON, with what each scenario went through")
		return func(ctx context.Context, t Terminal, operands []string) error {
			if len(operands) == 0 {
				return Misused("it takes an archive: a zip file or a folder")
			}
			archive, err := openArchive(operands[0])
			if err != nil {
				return refuseArchive(t.Out, err, "en", *asJSON)
			}
			defer archive.Close()
			wanted, err := scenariosOf(archive.Project, operands[1:])
			if err != nil {
				return err
			}
			return runScenarios(ctx, t.Out, archive.Project, wanted, *asJSON)
		}
	},
}

// scenariosOf returns the scenarios with the ids, all when none is given.
func scenariosOf(p *procedure.Project, ids []string) ([]*procedure.Scenario, error) {
	if len(ids) == 0 {
		return p.Scenarios, nil
	}
	var wanted []*procedure.Scenario
	for _, id := range ids {
		i := slices.IndexFunc(p.Scenarios, func(s *procedure.Scenario) bool { return s.ID == id })
		if i < 0 {
			return nil, Misused("the archive has no scenario %q", id)
		}
		wanted = append(wanted, p.Scenarios[i])
	}
	return wanted, nil
}

func runScenarios(ctx context.Context, w io.Writer, p *procedure.Project, wanted []*procedure.Scenario, asJSON bool) error {
	lib := edition.NewDraft(p)
	results := []rehearsal.Result{}
	bad := 0
	for _, s := range wanted {
		if err := ctx.Err(); err != nil {
			return err
		}
		r := rehearsal.Run(lib, p, s)
		results = append(results, r)
		if !r.OK {
			bad++
		}
		if !asJSON {
			printScenario(w, r)
		}
	}
	if asJSON {
		if err := PrintJSON(w, results); err != nil {
			return err
		}
	} else {
		fmt.Fprintf(w, "%s: %s, %d as expected, %d not\n", p.Alias, count(len(results), "scenario"), len(results)-bad, bad)
	}
	if bad > 0 {
		return ErrBad
	}
	return nil
}

func printScenario(w io.Writer, r rehearsal.Result) {
	verdict := "ok  "
	if !r.OK {
		verdict = "FAIL"
	}
	fmt.Fprintf(w, "%s  %s  %s\n", verdict, r.ID, r.Name)
	for _, d := range r.Differences {
		fmt.Fprintf(w, "      %s\n", d)
	}
}
