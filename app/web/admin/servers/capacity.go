package servers

import (
	"math"
	"net/http"
	"strconv"
	"strings"

	"selfhelp/app/capacity"
	"selfhelp/app/execution/entry"
	"selfhelp/app/web/frame"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// part is a part of a need as it is asked for.
type part struct {
	name  string
	bound capacity.Bound
	usual string // what stands there at first
	of    func(*capacity.Need) *float64
}

var parts = []part{
	{"people", capacity.People, "10000", func(n *capacity.Need) *float64 { return &n.People }},
	{"share", capacity.Share, "20", func(n *capacity.Need) *float64 { return &n.Share }},
	{"journeys", capacity.Journeys, "1", func(n *capacity.Need) *float64 { return &n.Journeys }},
	{"pages", capacity.Pages, "10", func(n *capacity.Need) *float64 { return &n.Pages }},
	{"rate", capacity.Rate, "", func(n *capacity.Need) *float64 { return &n.Rate }},
	{"full", capacity.Full, "50", func(n *capacity.Need) *float64 { return &n.Full }},
}

// capacity shows how many servers so many people need. What is asked stands in the
// address: it can be kept, and sent to others.
func (s *Room) capacity(w http.ResponseWriter, v *frame.Visit) error {
	query := v.URL.Query()
	asked := query.Has("people")
	page := views.AdminCapacity{Office: s.Office(w, v, "servers", v.Words.T("capacity.title")), Spare: !asked || query.Has("spare"), Wrong: map[string]string{}}
	need := capacity.Need{Spare: page.Spare}
	for _, p := range parts {
		typed, label := p.usual, v.Words.T("capacity."+p.name)
		if asked {
			typed = strings.TrimSpace(query.Get(p.name))
			n, read := entry.ReadTypedNumber(typed, v.Words.Lang())
			if *p.of(&need) = n; !read || !p.bound.Holds(n) {
				page.Wrong[p.name] = v.Words.T("capacity.wrong", label, figure(v.Words, p.bound.Least), figure(v.Words, p.bound.Most))
			}
		}
		page.Fields = append(page.Fields, ui.Input{
			Name: p.name, Label: label, Help: v.Words.T("capacity." + p.name + ".help"), Value: typed, Wrong: page.Wrong[p.name], Required: true, Max: 12, Autocomplete: "off",
		})
	}
	if len(page.Wrong) > 0 {
		return frame.ShowStatus(w, v, http.StatusUnprocessableEntity, page.View())
	}
	if asked {
		page.Sum = summed(v.Words, need)
	}
	return frame.Show(w, v, page.View())
}

// summed is what a need comes to, in words.
func summed(w *ui.Words, need capacity.Need) *views.CapacitySum {
	sum := capacity.Reckon(need)
	shown := &views.CapacitySum{Result: w.T("capacity.result", sum.Servers), Means: []string{w.N("capacity.for", int(math.Round(need.People)))}, Lines: arithmetic(w, need, sum)}
	switch {
	case sum.Servers == 1:
		shown.Result = w.T("capacity.result.single")
		shown.Means = append(shown.Means, w.T("capacity.single"))
	case need.Spare:
		shown.Means = append(shown.Means, w.N("capacity.needed", sum.Needed), w.T("capacity.beside"))
	default:
		shown.Means = append(shown.Means, w.T("capacity.tight"), w.T("capacity.beside"))
	}
	for _, people := range []float64{1000, 10_000, 100_000, 1_000_000} {
		need.People = people
		shown.Others = append(shown.Others, views.CapacityOther{People: figure(w, people), Servers: w.Show(capacity.Reckon(need).Servers)})
	}
	return shown
}

// arithmetic is each step, with its numbers put in.
func arithmetic(w *ui.Words, n capacity.Need, s capacity.Sum) []views.CapacityLine {
	f := func(x float64) string { return figure(w, x) }
	percent := func(x float64) string { return w.T("capacity.percent", f(x)) }
	line := func(key, how, result string) views.CapacityLine {
		return views.CapacityLine{What: w.T("capacity.line." + key), How: how, Figure: result}
	}
	lines := []views.CapacityLine{
		line("day", f(n.People)+" × "+f(n.Journeys)+" × "+f(n.Pages), f(s.Day)),
		line("hour", f(s.Day)+" × "+percent(n.Share), f(s.Hour)),
		line("second", f(s.Hour)+" ÷ "+f(3600), f(s.Second)),
		line("server", f(n.Rate)+" × "+percent(n.Full), f(s.Server)),
		line("load", f(s.Second)+" ÷ "+f(s.Server), f(s.Load)),
		line("needed", w.T("capacity.up", f(s.Load)), w.Show(s.Needed)),
	}
	if n.Spare {
		lines = append(lines, line("spare", w.Show(s.Needed)+" + 1", w.Show(s.Servers)))
	}
	return lines
}

// figure writes a number with as many decimals as say something.
func figure(w *ui.Words, n float64) string {
	if n >= 1000 || math.Abs(n-math.Round(n)) < 1e-9 {
		return w.Number(int64(math.Round(n)))
	}
	if n >= 10 {
		return w.Decimal(n)
	}
	text := strconv.FormatFloat(n, 'f', 2, 64)
	if n < 0.1 {
		text = strconv.FormatFloat(n, 'f', 6, 64)
	}
	text = strings.TrimRight(text, "0")
	if w.Lang() == "fr" {
		text = strings.Replace(text, ".", ",", 1)
	}
	return text
}
