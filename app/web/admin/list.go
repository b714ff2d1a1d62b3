package admin

import "selfhelp/app/web/frame"

// Once gives rows that are at hand as a table asks for them.
func Once(rows [][]string) func() ([][]string, error) {
	return func() ([][]string, error) {
		all := rows
		rows = nil
		return all, nil
	}
}

// Head are the names of columns.
func Head(v *frame.Visit, keys ...string) (names []string) {
	for _, key := range keys {
		names = append(names, v.Words.T(key))
	}
	return names
}

// yesNo are the keys of the words for yes and no.
var yesNo = map[bool]string{true: "yes", false: "no"}

// maxChosen is how many things are changed at once at most.
const maxChosen = 1000

// namesShown is how many of what was chosen are named before it is done.
const namesShown = 20
