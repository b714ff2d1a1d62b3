package command

import (
	"context"
	"flag"
	"fmt"
	"strings"

	"selfhelp/assets"
)

var guideCommand = Command{
	Name:     "guide",
	Operands: "[CHAPTER]",
	Summary:  "print the operator's guide, or say which chapters it has",
	Text: `The guide that the administration shows, for when no server runs: what there is to
keep, the copy, backups, how to restore, how a second site takes over, and what to do
when something is odd.

  selfhelp guide
  selfhelp guide restore
  selfhelp guide --lang fr second-site`,
	Mute: "it prints a text",
	Prepare: func(set *flag.FlagSet) Deed {
		lang := set.String("lang", "en", "`LANGUAGE` of the guide: fr or en")
		return func(_ context.Context, t Terminal, operands []string) error {
			if len(operands) > 1 {
				return Misused("it takes one chapter, but got %q", operands)
			}
			if *lang != "fr" && *lang != "en" {
				return Misused("--lang takes fr or en, not %q", *lang)
			}
			all := assets.Guide(*lang)
			if len(operands) == 0 {
				for _, c := range all {
					fmt.Fprintf(t.Out, "%-12s %s\n", c.Name, c.Title)
				}
				return nil
			}
			var names []string
			for _, c := range all {
				if c.Name == operands[0] {
					fmt.Fprintf(t.Out, "# %s\n\n%s\n", c.Title, c.Text)
					return nil
				}
				names = append(names, c.Name)
			}
			return Misused("there is no chapter %q; there are %s", operands[0], strings.Join(names, ", "))
		}
	},
}
