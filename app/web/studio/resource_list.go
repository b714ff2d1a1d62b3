package studio

import (
	"cmp"
	"slices"
	"strings"

	"selfhelp/app/web/frame"
	"selfhelp/store"
	"selfhelp/views"
)

// cardOrder is how resources can be put in order; else they stand as they were
// added.
var cardOrder = frame.Order[views.ResourceCard]{
	"name": func(a, b views.ResourceCard) int { return strings.Compare(frame.Fold(a.Name), frame.Fold(b.Name)) },
	"size": func(a, b views.ResourceCard) int { return cmp.Compare(b.Size, a.Size) }, // the largest first
}

// latestFirst turns the order in which resources were added round.
const latestFirst = "latest"

// resourceList is the page of the resources that the address asks for.
func resourceList(v *frame.Visit, p store.Project, cards []views.ResourceCard) ([]views.ResourceCard, views.List) {
	l := frame.Listed(v.URL.Query(), "/studio/p/"+p.ID+"/resources", append(cardOrder.Columns(), latestFirst), "q", "kind", "use")
	cards = slices.DeleteFunc(cards, func(c views.ResourceCard) bool {
		kind, use := l.Value("kind"), l.Value("use")
		return kind != "" && kind != c.Kind || use == views.UseNone && len(c.UsedBy) > 0 || use == views.UseSome && len(c.UsedBy) == 0
	})
	if l.Sort == latestFirst {
		slices.Reverse(cards)
	}
	cards = frame.Arrange(&l, cards, func(c views.ResourceCard) string {
		return strings.Join([]string{c.Name, c.ID, c.Type, wordsIn(c.Alt)}, "\n")
	}, cardOrder)
	return frame.OnePage(v, &l, cards), l
}

// kindsOf are the kinds that some resource is of.
func kindsOf(cards []views.ResourceCard) (kinds []string) {
	for _, c := range cards {
		if !slices.Contains(kinds, c.Kind) {
			kinds = append(kinds, c.Kind)
		}
	}
	slices.Sort(kinds)
	return kinds
}
