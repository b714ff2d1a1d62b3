package frame

import (
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"selfhelp/app/publication/index"
	"selfhelp/views"
)

// ListPage is how many lines a page of a list has.
const ListPage = 50

// Listed reads the order of a list and the filters that are set, among those
// there are.
func Listed(q url.Values, path string, sorts []string, filters ...string) views.List {
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

// cut keeps a text to a number of characters.
func cut(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most])
	}
	return s
}

// Fold is a text as texts are compared and sorted: in small letters, without
// accents.
func Fold(s string) string { return index.Fold(s) }

// Order is how two lines of a list compare, by column.
type Order[T any] map[string]func(a, b T) int

// Columns are those by which a list can be put in order.
func (o Order[T]) Columns() []string { return slices.Sorted(maps.Keys(o)) }

// Arrange narrows lines to those in which every word of the filter stands,
// whatever the accents, and puts them in the order that the list asks for.
func Arrange[T any](l *views.List, lines []T, words func(T) string, by Order[T]) []T {
	if wanted := strings.Fields(index.Fold(l.Value("q"))); len(wanted) > 0 {
		lines = slices.DeleteFunc(lines, func(t T) bool {
			text := index.Fold(words(t))
			return slices.ContainsFunc(wanted, func(w string) bool { return !strings.Contains(text, w) })
		})
	}
	if compare := by[l.Sort]; compare != nil {
		slices.SortStableFunc(lines, compare)
	}
	if l.Down {
		slices.Reverse(lines)
	}
	l.Count = int64(len(lines))
	return lines
}

// OnePage cuts lines to the page that the address asks for.
func OnePage[T any](v *Visit, l *views.List, lines []T) []T {
	n, err := strconv.Atoi(v.URL.Query().Get("page"))
	if err != nil || n < 1 || (n-1)*ListPage >= len(lines) {
		n = 1
	}
	l.First, l.Further = l.Address(""), n > 1
	lines = lines[(n-1)*ListPage:]
	if len(lines) > ListPage {
		lines, l.Next = lines[:ListPage], l.Address("", "page", strconv.Itoa(n+1))
	}
	return lines
}
