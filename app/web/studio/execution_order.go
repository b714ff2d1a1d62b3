package studio

import (
	"cmp"
	"slices"
	"strings"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"

	"selfhelp/app/fault"
	"selfhelp/app/procedure"
	"selfhelp/app/web/frame"
	"selfhelp/store"
	"selfhelp/views"
)

// executionOrders are the columns that a list of executions can be put in order
// by.
var executionOrders = []string{"started", "procedure", "outcome", "who", "took"}

// peopleSorted is how many people can be put in the order of their names: the
// names stand in another database than what people did.
const peopleSorted = 5000

// executionList reads the filter and the order of the address; the latest come
// first unless it says otherwise.
func executionList(v *frame.Visit) views.List {
	q := v.URL.Query()
	l := views.List{Path: "/studio/p/" + v.PathValue("project") + "/executions", Sort: q.Get("sort"), Down: q.Get("down") == "1", Further: q.Get("after") != ""}
	if !slices.Contains(executionOrders, l.Sort) {
		l.Sort, l.Down = "started", true
	}
	for _, name := range []string{"procedure", "outcome", "version", "from", "until"} {
		if value := strings.TrimSpace(q.Get(name)); value != "" && len(value) <= 200 {
			l.Kept = append(l.Kept, [2]string{name, value})
		}
	}
	l.First = l.Address("")
	return l
}

// storeFilter reads the filter of a list; days are whole ones.
func storeFilter(project string, l views.List) (store.ExecutionFilter, error) {
	filter := store.ExecutionFilter{Project: project, Procedure: l.Value("procedure"), Version: l.Value("version"), Outcome: procedure.Outcome(l.Value("outcome"))}
	if l.Value("outcome") == views.GoingOn {
		filter.Outcome, filter.Open = "", true
	}
	var err error
	if filter.From, err = day(l.Value("from")); err != nil {
		return filter, err
	}
	if filter.To, err = day(l.Value("until")); err != nil {
		return filter, err
	}
	if !filter.To.IsZero() {
		filter.To = filter.To.AddDate(0, 0, 1)
	}
	return filter, nil
}

// stretch is a part of a list that has one value in the column of its order, and
// that an index keeps by time or by duration. A list is its stretches one after
// the other: so a page costs the same wherever it is, and in every order.
type stretch struct {
	value  string // by which the next page finds it again
	name   string // by which it is put in order
	last   bool   // after all others, whichever way round
	filter store.ExecutionFilter
}

// executionOrder is a list in its order, as stretches.
func (s *Studio) executionOrder(v *frame.Visit, l views.List, titles map[string]string) ([]stretch, error) {
	f, err := storeFilter(v.PathValue("project"), l)
	if err != nil {
		return nil, err
	}
	var all []stretch
	switch l.Sort {
	case "procedure":
		all, err = s.byProcedure(v, f, titles)
	case "outcome":
		all = byOutcome(v, f)
	case "who":
		all, err = s.byPerson(v, f)
	case "took":
		all = byDuration(f, l.Down)
	default:
		f.Ascending = !l.Down
		all = []stretch{{filter: f}}
	}
	names := collate.New(language.Make(v.Words.Lang()), collate.IgnoreCase, collate.Numeric)
	slices.SortStableFunc(all, func(a, b stretch) int {
		switch {
		case a.last && !b.last:
			return 1
		case b.last && !a.last:
			return -1
		}
		order := cmp.Or(names.CompareString(a.name, b.name), cmp.Compare(a.value, b.value))
		if l.Down {
			return -order
		}
		return order
	})
	return all, err
}

// byProcedure puts executions in the order of the titles procedures have now;
// those of procedures that are gone come last.
func (s *Studio) byProcedure(v *frame.Visit, f store.ExecutionFilter, titles map[string]string) (all []stretch, err error) {
	uids := []string{f.Procedure}
	if f.Procedure == "" {
		if uids, err = s.Activity.Ran(v.Context(), f.Project); err != nil {
			return nil, err
		}
	}
	for _, uid := range uids {
		f.Procedure = uid
		all = append(all, stretch{value: uid, name: titles[uid], last: titles[uid] == "", filter: f})
	}
	return all, nil
}

// byOutcome puts executions in the order of what their outcomes are called;
// those that go on come last.
func byOutcome(v *frame.Visit, f store.ExecutionFilter) (all []stretch) {
	for _, o := range []procedure.Outcome{procedure.Solved, procedure.Informed, procedure.Escalated, procedure.Unsolved, procedure.Abandoned, procedure.Failed} {
		if !f.Open && (f.Outcome == "" || f.Outcome == o) {
			one := f
			one.Outcome = o
			all = append(all, stretch{value: string(o), name: v.Words.T("outcome." + string(o)), filter: one})
		}
	}
	if f.Outcome == "" {
		f.Open = true
		all = append(all, stretch{value: "open", last: true, filter: f})
	}
	return all
}

// byPerson puts executions in the order of the names people have now; those of
// visitors come last.
func (s *Studio) byPerson(v *frame.Visit, f store.ExecutionFilter) (all []stretch, err error) {
	people, err := s.Activity.People(v.Context(), f.Project, peopleSorted+1)
	if err != nil {
		return nil, err
	}
	if len(people) > peopleSorted {
		return nil, fault.New(fault.TooLarge, "fault.executions.people", peopleSorted)
	}
	for _, id := range people {
		one := f
		one.User = id
		all = append(all, stretch{value: id, name: s.NameOf(v, id), filter: one})
	}
	f.Visitor = true
	return append(all, stretch{value: "visitor", last: true, filter: f}), nil
}

// byDuration puts executions in the order of how long they took; those that did
// not end, of which nobody knows it, come last.
func byDuration(f store.ExecutionFilter, down bool) []stretch {
	failed, open := f, f
	open.Open = true
	f.Sort, f.Ascending = "duration", !down
	all := []stretch{{value: "ended", filter: f}}
	if f.Outcome == "" && !f.Open {
		failed.Outcome = procedure.Failed
	}
	if failed.Outcome == procedure.Failed {
		all = append(all, stretch{value: "failed", last: true, filter: failed})
	}
	return append(all, stretch{value: "open", last: true, filter: open})
}

// executionsIn reads a page of a list from where the one before it ended.
func (s *Studio) executionsIn(v *frame.Visit, order []stretch, after string, limit int) (page store.ExecutionPage, err error) {
	value, after, _ := strings.Cut(after, "~")
	at := 0
	if value != "" || after != "" {
		if at = slices.IndexFunc(order, func(x stretch) bool { return x.value == value }); at < 0 {
			return page, fault.New(fault.Invalid, "fault.list.page")
		}
	}
	for _, x := range order[at:] {
		f := x.filter
		f.After, f.Limit = after, max(1, limit-len(page.Executions))
		after = ""
		found, err := s.Activity.Executions(v.Context(), f)
		if err != nil {
			return page, err
		}
		if len(page.Executions) == limit { // only to know whether there are more
			if len(found.Executions) > 0 {
				page.Next = x.value + "~"
				return page, nil
			}
			continue
		}
		page.Executions = append(page.Executions, found.Executions...)
		if found.Next != "" {
			page.Next = x.value + "~" + found.Next
			return page, nil
		}
	}
	return page, nil
}
