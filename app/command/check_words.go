package command

import (
	"fmt"
	"strings"

	"selfhelp/app/check"
)

// checkWords are what a check prints around its sentences, in a language.
type checkWords struct {
	severities map[check.Severity]string
	languages  map[string]string // names that are said; the others stand as they are written
	in         string            // before the language of a text
	at         string            // line and column
	colon      string
	totals     [3][2]string // procedures, errors, warnings: one, and several
	sum        string       // all of them
	nought     int          // which of the two is said of none
}

var checkTongues = map[string]checkWords{
	"en": {
		severities: map[check.Severity]string{check.Error: "error", check.Warning: "warning"},
		in:         " in ", at: ", line %d, column %d", colon: ": ", sum: "%s in %s: %s, %s\n", nought: 1,
		totals: [3][2]string{{"procedure", "procedures"}, {"error", "errors"}, {"warning", "warnings"}},
	},
	"fr": {
		severities: map[check.Severity]string{check.Error: "erreur", check.Warning: "avertissement"},
		languages: map[string]string{
			"fr": "français", "en": "anglais", "de": "allemand", "es": "espagnol", "it": "italien", "nl": "néerlandais", "pt": "portugais",
		},
		in: " en ", at: ", ligne %d, colonne %d", colon: "\u00a0: ", sum: "%s dans %s\u00a0: %s, %s\n",
		totals: [3][2]string{{"procédure", "procédures"}, {"erreur", "erreurs"}, {"avertissement", "avertissements"}},
	},
}

// number counts one of the totals.
func (c checkWords) number(n, what int) string {
	form := 1
	switch n {
	case 0:
		form = c.nought
	case 1:
		form = 0
	}
	return fmt.Sprintf("%d %s", n, c.totals[what][form])
}

// line is a problem with its file and its place: "ask.title in fr", and where in
// it when it has several lines.
func (c checkWords) line(p problemLine) string {
	at := strings.Trim(p.Step+"."+p.Path, ".")
	if at != "" && p.Language != "" {
		name, named := c.languages[p.Language]
		if !named {
			name = p.Language
		}
		at += c.in + name
	}
	if at != "" && p.Line > 0 {
		at += fmt.Sprintf(c.at, p.Line, p.Column)
	}
	if at != "" {
		at += c.colon
	}
	return p.File + c.colon + c.severities[p.Severity] + c.colon + at + p.Sentence
}
