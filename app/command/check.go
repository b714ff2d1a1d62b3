package command

import (
	"context"
	"flag"
	"fmt"
	"io"
	"time"

	"selfhelp/app/check"
	"selfhelp/app/procedure"
)

var checkCommand = Command{
	Name:     "check",
	Operands: "FILE.zip|FOLDER",
	Summary:  "say everything that is wrong with an archive",
	Text: `Reads an archive and prints every problem at once, each with its file and its
place in it. Exit code 1 when there is an error; warnings do not count.

With --schema it prints the JSON Schema of the files instead, for editors.`,
	Facts: []any{[]problemLine{}, refused{}},
	Prepare: func(set *flag.FlagSet) Deed {
		asJSON := set.Bool("json", false, "print JSON")
		lang := set.String("lang", "en", "`LANGUAGE` of the sentences: fr or en")
		schema := set.Bool("schema", false, "print the JSON Schema of the files")
		return func(_ context.Context, t Terminal, operands []string) error {
			if err := speaks(*lang); err != nil {
				return err
			}
			if *schema {
				_, err := t.Out.Write(procedure.JSONSchema())
				return err
			}
			if len(operands) != 1 {
				return Misused("it takes one archive: a zip file or a folder")
			}
			archive, err := openArchive(operands[0])
			if err != nil {
				return refuseArchive(t.Out, err, *lang, *asJSON)
			}
			defer archive.Close()
			problems := check.Project(archive.Project, check.Options{Today: procedure.DateOf(time.Now())})
			return printProblems(t.Out, archive, problems, *lang, *asJSON)
		}
	},
}

// problemLine is a problem as it is printed.
type problemLine struct {
	Severity check.Severity `json:"severity"`
	File     string         `json:"file"`
	Step     string         `json:"step,omitempty"`
	Path     string         `json:"path,omitempty"`
	Language string         `json:"language,omitempty"`
	Line     int            `json:"line,omitempty"` // within the formula, script or text
	Column   int            `json:"column,omitempty"`
	Key      string         `json:"key"`
	Sentence string         `json:"sentence"`
}

func printProblems(w io.Writer, archive openedArchive, problems []check.Problem, lang string, asJSON bool) error {
	lines := make([]problemLine, len(problems))
	errors := 0
	for i, p := range problems {
		at := p.Place
		lines[i] = problemLine{p.Severity, archive.File(at.Procedure, at.Scenario), at.Step, at.Path, at.Language, at.Line, at.Column, p.Key, p.Sentence(lang)}
		if p.Severity == check.Error {
			errors++
		}
	}
	if asJSON {
		if err := PrintJSON(w, lines); err != nil {
			return err
		}
	} else {
		words := checkTongues[lang]
		for _, l := range lines {
			fmt.Fprintln(w, words.line(l))
		}
		fmt.Fprintf(w, words.sum, archive.Project.Alias, words.number(len(archive.Project.Procedures), 0), words.number(errors, 1), words.number(len(problems)-errors, 2))
	}
	if errors > 0 {
		return ErrBad
	}
	return nil
}
