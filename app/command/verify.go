package command

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"

	"selfhelp/app/config"
	"selfhelp/app/fault"
	"selfhelp/app/presentation"
	"selfhelp/store"
	"selfhelp/store/replica"
)

var verifyCommand = Command{
	Name:    "verify",
	Summary: "look through a whole data folder and its replica: every page, reference, audit entry and file",
	Text: `Opens the data folder that nobody serves and looks through all of it: every page
and index of both databases, every reference between rows, the chain of the audit
from its first entry, and every file, also those that people sent and their answers
name. Where --config names a replica,
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
				damaged, err := st.Files.Damaged(ctx)
				v.Wrong = append(v.Wrong, damaged...)
				return err
			})
			if key, _ := fault.TextOf(err); key == "fault.corrupt" { // so much that it cannot be opened
				v, err = store.Verified{Wrong: []string{describe(err)}}, nil
			}
			if err == nil {
				err = sentIsMissing(t, settings, &v)
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

// sentIsMissing enters the missing files that people sent among what is wrong. A
// presentation server has answers from others without all of their files.
func sentIsMissing(t Terminal, settings func(config.Environment) (config.Config, error), v *store.Verified) error {
	c, err := settings(t.Env)
	if err != nil || len(v.Missing) == 0 {
		return err
	}
	_, belongs, err := presentation.Belongs(c.Data)
	if err != nil || belongs {
		return err
	}
	v.Wrong = append(v.Wrong, v.Missing...)
	v.Wrong = append(v.Wrong, askedAgain)
	return nil
}

// askedAgain says where files that people sent may come from.
const askedAgain = "files that answers name are missing: once selfhelp serve runs here, the presentation servers that joined it are asked for them, each once after a start"

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
	Files  int          `json:"files"` // that projects name
	Sent   int          `json:"sent"`  // how often answers name one
	Wrong  []string     `json:"wrong"`
}

func printVerified(out io.Writer, v store.Verified, asJSON bool) error {
	if asJSON {
		if err := PrintJSON(out, verifiedReport{v.Extent, v.Files, v.Sent, v.Wrong}); err != nil {
			return err
		}
	} else {
		printExtents(out, nil, v.Extent)
		fmt.Fprintf(out, "  %-14s %7d  by projects, %d by answers\n", "files named", v.Files, v.Sent)
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
