package admin

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"selfhelp/app/web/frame"
	"selfhelp/views"
)

// listPage is how many lines a page of a list has.
const listPage = 50

// listed reads the order of a list and the filters that are set, among those
// there are.
func listed(q url.Values, path string, sorts []string, filters ...string) views.List {
	l := views.List{Path: path, Down: q.Get("down") == "1"}
	if sort := q.Get("sort"); slices.Contains(sorts, sort) {
		l.Sort = sort
	}
	for _, name := range filters {
		if value := strings.TrimSpace(cut(q.Get(name), 200)); value != "" {
			l.Kept = append(l.Kept, [2]string{name, value})
		}
	}
	return l
}

// order is how two lines of a list compare, by column.
type order[T any] map[string]func(a, b T) int

// arrange narrows lines to those whose words hold the text of the filter, and
// puts them in the order that the list asks for.
func arrange[T any](l *views.List, lines []T, words func(T) string, by order[T]) []T {
	text := strings.ToLower(l.Value("q"))
	lines = slices.DeleteFunc(lines, func(t T) bool { return !strings.Contains(strings.ToLower(words(t)), text) })
	if compare := by[l.Sort]; compare != nil {
		slices.SortStableFunc(lines, compare)
	}
	if l.Down {
		slices.Reverse(lines)
	}
	l.Count = int64(len(lines))
	return lines
}

// onePage cuts lines to the page that the address asks for.
func onePage[T any](v *frame.Visit, l *views.List, lines []T) []T {
	n, err := strconv.Atoi(v.URL.Query().Get("page"))
	if err != nil || n < 1 || (n-1)*listPage >= len(lines) {
		n = 1
	}
	l.First, l.Further = l.Address(""), n > 1
	lines = lines[(n-1)*listPage:]
	if len(lines) > listPage {
		lines, l.Next = lines[:listPage], l.Address("", "page", strconv.Itoa(n+1))
	}
	return lines
}

// columns are the orders of a list.
func columns[T any](by order[T]) (names []string) {
	for name := range by {
		names = append(names, name)
	}
	return names
}

// once gives rows that are at hand as a table asks for them.
func once(rows [][]string) func() ([][]string, error) {
	return func() ([][]string, error) {
		all := rows
		rows = nil
		return all, nil
	}
}

// head are the names of columns.
func head(v *frame.Visit, keys ...string) (names []string) {
	for _, key := range keys {
		names = append(names, v.Words.T(key))
	}
	return names
}

// maxChosen is how many things are changed at once at most.
const maxChosen = 1000

// namesShown is how many of what was chosen are named before it is done.
const namesShown = 20
