package studio

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"selfhelp/app/web/frame"
	"selfhelp/store"
	"selfhelp/views"
)

// written is a procedure of the list, with what it is found and sorted by.
type written struct {
	store.Procedure
	title, sorted string // for the person, and as titles are compared
	state         string // since the project was published
	tallies       Tallies
}

var writtenOrder = frame.Order[written]{
	"title":   func(a, b written) int { return strings.Compare(a.sorted, b.sorted) },
	"changed": func(a, b written) int { return a.Changed.Compare(b.Changed) },
	"steps":   func(a, b written) int { return cmp.Compare(a.Steps, b.Steps) },
}

// publishedAt is when the version that people get was frozen; never, before the
// first one.
func (s *Studio) publishedAt(v *frame.Visit, p store.Project) (time.Time, error) {
	versions, err := s.Content.Versions(v.Context(), p.ID)
	if i := slices.IndexFunc(versions, func(n store.Version) bool { return n.State == store.VersionActive }); i >= 0 {
		return versions[i].At, err
	}
	return time.Time{}, err
}

// stateSince is how a procedure stands to what was published at an instant.
func stateSince(p store.Procedure, at time.Time) string {
	switch {
	case at.IsZero():
		return ""
	case p.Created.After(at):
		return views.StateNew
	case p.Changed.After(at):
		return views.StateChanged
	}
	return views.StatePublished
}

// procedureList is the page of the list that the address asks for: by folder
// unless in another order.
func (s *Studio) procedureList(v *frame.Visit, p store.Project, lines []store.Procedure, k *known, since time.Time) ([]views.ProcedureFolder, views.List) {
	l := frame.Listed(v.URL.Query(), "/studio/p/"+p.ID, writtenOrder.Columns(), "q", "state")
	all := make([]written, 0, len(lines))
	for _, line := range lines {
		w := written{Procedure: line, title: s.Words(v, line.Title), state: stateSince(line, since), tallies: k.per[line.UID]}
		w.sorted = frame.Fold(w.title)
		if state := l.Value("state"); state == "" || state == w.state || state == views.StateProblems && w.tallies != (Tallies{}) {
			all = append(all, w)
		}
	}
	slices.SortStableFunc(all, func(a, b written) int {
		return cmp.Or(strings.Compare(a.Folder, b.Folder), strings.Compare(a.sorted, b.sorted))
	})
	all = frame.Arrange(&l, all, func(w written) string {
		return strings.Join([]string{wordsIn(w.Title.In), w.Alias, w.Folder, k.words[w.UID]}, "\n")
	}, writtenOrder)
	return s.folders(v, frame.OnePage(v, &l, all), l.Sort == ""), l
}

// wordsIn are the words of a text in every language.
func wordsIn(in map[string]string) string {
	var all []string
	for _, words := range in {
		all = append(all, words)
	}
	return strings.Join(all, "\n")
}

// folders puts lines that come by folder in their folders; others stay as they
// come, each with where it is.
func (s *Studio) folders(v *frame.Visit, lines []written, byFolder bool) (list []views.ProcedureFolder) {
	for _, w := range lines {
		line := views.ProcedureLine{
			UID: w.UID, Title: w.title, Alias: w.Alias, Entry: w.Entry, Steps: w.Steps, State: w.state,
			Errors: w.tallies.Errors, Warnings: w.tallies.Warnings, Changed: w.Changed, By: s.NameOf(v, w.ChangedBy), Version: w.Version,
		}
		folder := w.Folder
		if !byFolder {
			line.Folder, folder = w.Folder, ""
		}
		if len(list) == 0 || list[len(list)-1].Path != folder {
			list = append(list, views.ProcedureFolder{Path: folder})
		}
		f := &list[len(list)-1]
		f.Procedures = append(f.Procedures, line)
	}
	return list
}
