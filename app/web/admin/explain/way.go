package explain

import (
	"slices"
	"strings"

	"selfhelp/app/access"
	"selfhelp/app/admission"
	"selfhelp/views"
)

// onWay is what somebody who may do something has to do first when they come in by
// a way.
type onWay struct {
	admission.Way
	owed []access.Owed
}

// onWays follows every way of the person to what is asked.
func (t *teller) onWays(who access.Identity, a ask) []onWay {
	all := make([]onWay, len(t.come))
	for i, w := range t.come {
		all[i] = onWay{w, w.Debts.Owed(who, a.do, a.on)}
	}
	return all
}

// verdict fills in the answer about what the person may do: yes by some ways,
// once something is done by the others; visitors tells that anybody may.
func (t *teller) verdict(row *views.ExplainRow, ways []onWay, visitors bool) {
	var free, owing, shut []onWay
	for _, w := range ways {
		switch {
		case w.Shut != admission.NotShut:
			shut = append(shut, w)
		case len(w.owed) == 0:
			free = append(free, w)
		default:
			owing = append(owing, w)
		}
	}
	row.Verdict, row.Answer = views.ExplainYes, t.v.Words.T("explain.yes")
	switch {
	case len(free) > 0 && len(owing) > 0:
		row.Answer = t.v.Words.T("explain.yes.by_way", t.names(free))
	case visitors && len(free) == 0:
		row.Answer = t.v.Words.T("explain.yes.visitor")
	case len(free) == 0:
		t.once(row, owing, shut)
		return
	}
	row.Notes = t.byWays(owing)
}

// noWay is that no way lets the person in: the key of a sentence, as what is owed.
const noWay access.Owed = "way"

// once says what the person has to do first, by the way that asks the least, and
// which other way would do.
func (t *teller) once(row *views.ExplainRow, owing, shut []onWay) {
	row.Verdict = views.ExplainOnce
	asks := []access.Owed{noWay}
	if len(owing) > 0 {
		least := slices.MinFunc(owing, func(a, b onWay) int { return effort(a.owed) - effort(b.owed) })
		asks = least.owed
		row.Notes = t.byWays(slices.DeleteFunc(owing, func(w onWay) bool { return slices.Equal(w.owed, asks) }))
	}
	row.Answer = t.v.Words.T("explain.once." + joined(asks))
	for _, o := range asks {
		row.Chain = append(row.Chain, views.ExplainLink{Text: t.v.Words.T("explain.owes." + string(o))})
	}
	row.Next = t.open(shut)
}

// effort compares what has to be done first: a way that leaves the person less than
// they may asks for another way, and counts as the most.
func effort(owed []access.Owed) int {
	if slices.Contains(owed, access.OwesEntry) {
		return 10
	}
	return len(owed)
}

func joined(owed []access.Owed) string {
	words := make([]string, len(owed))
	for i, o := range owed {
		words[i] = string(o)
	}
	return strings.Join(words, "_")
}

// byWays says of each way what it leaves the person to do first.
func (t *teller) byWays(ways []onWay) (notes []string) {
	for _, w := range ways {
		notes = append(notes, t.v.Words.T("explain.by_way."+joined(w.owed), t.way(w.Method)))
	}
	return slices.Compact(notes)
}

// open are the steps that would open a way that is shut now, and by which the
// person would owe nothing that they cannot do themselves.
func (t *teller) open(shut []onWay) (steps []views.ExplainStep) {
	for _, w := range shut {
		if slices.Contains(w.owed, access.OwesEntry) {
			continue
		}
		if w.Shut == admission.NoPassword {
			steps = append(steps, t.toAccount("#password", "explain.next.password")...)
			continue
		}
		step := views.ExplainStep{Text: t.v.Words.T("explain.next."+string(w.Shut), t.way(w.Method))}
		if t.v.RulesServer() {
			step.URL = "/admin/sign-in/" + w.Method.ID
		}
		steps = append(steps, step)
	}
	return steps
}

// names are those of ways, each once.
func (t *teller) names(ways []onWay) string {
	var names []string
	for _, w := range ways {
		if name := t.way(w.Method); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return strings.Join(names, ", ")
}
