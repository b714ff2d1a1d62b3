package roster

import (
	"fmt"
	"strconv"
	"strings"
)

// Repetition is something that is wrong with several lines.
type Repetition struct {
	Problem
	Lines []int // their numbers, in order
}

// Repeated returns what is wrong with at least so many lines, in the order in
// which it is first met.
func Repeated(changes []Change, least int) (often []Repetition) {
	at := map[string]int{}
	var all []Repetition
	for _, c := range changes {
		for _, p := range c.Problems {
			key := fmt.Sprintf("%q %q %q", p.Column, p.Key, p.Args)
			i, known := at[key]
			if !known {
				i = len(all)
				at[key], all = i, append(all, Repetition{Problem: p})
			}
			if n := len(all[i].Lines); n == 0 || all[i].Lines[n-1] != c.Line {
				all[i].Lines = append(all[i].Lines, c.Line)
			}
		}
	}
	for _, r := range all {
		if len(r.Lines) >= least {
			often = append(often, r)
		}
	}
	return often
}

// rangesShown is how many ranges are written before the rest is left out.
const rangesShown = 8

// Ranges writes numbers in order, those that follow each other as one: 2–51, 60.
func Ranges(lines []int) string {
	var parts []string
	for i := 0; i < len(lines); {
		from := i
		for i++; i < len(lines) && lines[i] == lines[i-1]+1; i++ {
		}
		if len(parts) == rangesShown {
			return strings.Join(append(parts, "…"), ", ")
		}
		words := strconv.Itoa(lines[from])
		if i > from+1 {
			words += "–" + strconv.Itoa(lines[i-1])
		}
		parts = append(parts, words)
	}
	return strings.Join(parts, ", ")
}
