package roster

import (
	"slices"
	"strings"
)

// What cells mean beyond their text.
const (
	Separator  = "|" // between the domains or groups of a cell
	Everywhere = "*" // all domains, present and to come
	Cleared    = "-" // nothing from now on; an empty cell leaves what is there
)

// Join writes several names into one cell.
func Join(names []string) string { return strings.Join(names, Separator) }

// split reads several names of one cell.
func split(cell string) (list []string) {
	for name := range strings.SplitSeq(cell, Separator) {
		if name = strings.TrimSpace(name); name != "" && !slices.Contains(list, name) {
			list = append(list, name)
		}
	}
	return list
}

// runs are the signs at which spreadsheets begin to read a formula. What is
// given out has an apostrophe before them.
const runs = "=+-@\t\r\n＝＋－＠"

// plain is a cell without the apostrophe that kept spreadsheets from running it.
func plain(cell string) string {
	if strings.HasPrefix(cell, "'") && strings.IndexAny(strings.TrimLeft(cell, "'"), runs) == 0 {
		return cell[1:]
	}
	return cell
}
