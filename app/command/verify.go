package command

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"

	"selfhelp/app/config"
	"selfhelp/app/fault"
	"selfhelp/store"
	"selfhelp/store/replica"
)

var verifyCommand = Command{
	Name:    "verify",
	Summary: "look through a whole data folder and its replica: every page, reference, audit entry and file",
	Text: `Opens the data folder that nobody serves and looks through all of it: every page
and index of both databases, every reference between rows, the chain of the audit
from its first entry, and every file. Where --config names a replica,
reads what its target holds for the newest state, and every file there, and names
what is missing or is not as it was written.
Exit code 1 when something is wrong, with a line for each.`,
	Facts: []any{verifiedReport{}},
	Prepare: func(set *flag.FlagSet) Deed {
		settings := config.Flags(set, "data", "replication", "site")
		asJSON := set.Bool("json", false, "print JSON")
		return func(ctx context.Context, t Terminal, operands []string) error {
			if len(operands) > 0 {
				return Misused("it takes no operand, but got %q", operands[0])
			}
			var v store.Verified
			err := withStore(ctx, t, settings, existing, func(st *store.Store) (err error) {
				if v, err = st.Verify(ctx); err != nil {
					return err
				}
				damaged, err := st.VerifyContents(ctx)
				v.Wrong = append(v.Wrong, damaged...)
				return err
			})
			if key, _ := fault.TextOf(err); key == "fault.corrupt" { // so much that it cannot be opened
				v, err = store.Verified{Wrong: []string{describe(err)}}, nil
			}
			if err != nil {
				return err
			}
			wrong, err := replicaLacks(ctx, t, settings)
			if err != nil {
				return err
			}
			v.Wrong = append(v.Wrong, wrong...)
			return printVerified(t.Out, v, *asJSON)
		}
	},
}

// replicaLacks is what is missing in the replica of the folder, one sentence each; none
// where nothing inside copies it.
func replicaLacks(ctx context.Context, t Terminal, settings func(config.Environment) (config.Config, error)) (wrong []string, err error) {
	c, err := settings(t.Env)
	if err != nil || c.Replication != config.Embedded {
		return nil, err
	}
	place, err := placeOf(c)
	if errors.Is(err, replica.ErrElsewhere) { // of one that was restored beside it, say
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	gaps, err := place.Settings.Gaps(ctx, place.Epoch)
	if err != nil {
		return []string{"the replica could not be looked through: " + describe(err)}, nil
	}
	for _, g := range gaps {
		wrong = append(wrong, g.String())
	}
	contents, err := place.Settings.Contents(ctx, place.FilesFolder())
	if err != nil {
		contents = append(contents, "the files of the replica could not be looked through: "+describe(err))
	}
	return append(wrong, contents...), nil
}

// verifiedReport is what was found, for programs.
type verifiedReport struct {
	Extent store.Extent `json:"extent"`
	Files  int          `json:"files"`
	Wrong  []string     `json:"wrong"`
}

func printVerified(out io.Writer, v store.Verified, asJSON bool) error {
	if asJSON {
		if err := PrintJSON(out, verifiedReport{v.Extent, v.Files, v.Wrong}); err != nil {
			return err
		}
	} else {
		printExtents(out, nil, v.Extent)
		fmt.Fprintf(out, "  %-14s %7d\n", "files named", v.Files)
		for _, wrong := range v.Wrong {
			fmt.Fprintf(out, "wrong: %s\n", wrong)
		}
		if len(v.Wrong) == 0 {
			fmt.Fprintln(out, "all of it is whole")
		}
	}
	if len(v.Wrong) > 0 {
		return ErrBad
	}
	return nil
}
