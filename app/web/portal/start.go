package portal

import (
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"selfhelp/app/execution"
	"selfhelp/app/web/drive"
	"selfhelp/app/web/frame"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// channel is how executions of these pages are counted.
const channel = "portal"

// startPage begins an execution, since its address is what people are given. A
// procedure that does something in the outside world before its first page is
// begun by a button: following a link must not do it. Neither must what is no
// person: pictures, frames of others, pages fetched ahead.
func (s *Portal) startPage(w http.ResponseWriter, v *frame.Visit) error {
	if !isNavigation(v.Request) {
		return s.askToStart(w, v)
	}
	s.NameVisitor(w, v)
	turn, context, err := s.startTurn(v)
	if err != nil {
		return err
	}
	if turn.Effect != nil {
		return s.askToStart(w, v)
	}
	return s.begin(w, v, turn, context)
}

// start begins an execution by the button of its start page.
func (s *Portal) start(w http.ResponseWriter, v *frame.Visit) error {
	s.NameVisitor(w, v)
	turn, context, err := s.startTurn(v)
	if err != nil {
		return err
	}
	return s.begin(w, v, turn, context)
}

// isNavigation reports whether a request is a person going to a page. Browsers
// that say nothing of it are believed.
func isNavigation(r *http.Request) bool {
	dest := r.Header.Get("Sec-Fetch-Dest")
	ahead := r.Header.Get("Sec-Purpose") + r.Header.Get("Purpose")
	return r.Method == http.MethodGet && (dest == "" || dest == "document" || dest == "empty" && r.Header.Get(frame.SwapHeader) != "") && !strings.Contains(ahead, "prefetch")
}

// startTurn makes the first turn of a new execution.
func (s *Portal) startTurn(v *frame.Visit) (execution.Turn, execution.Context, error) {
	return s.OpeningTurn(v, channel, s.startLanguage(v), contextParams(v))
}

// startLanguage is the one the address asks for, else the visitor's, as far as
// the project speaks it.
func (s *Portal) startLanguage(v *frame.Visit) string {
	if lang := v.FormValue("lang"); slices.Contains(v.Place.Project.Languages, lang) {
		return lang
	}
	return v.ContentLanguage(v.Place.Project)
}

// contextParams are the ctx.* values of the address, or of the start page's
// form. The engine takes those the procedure declares.
func contextParams(v *frame.Visit) map[string]any {
	params := map[string]any{}
	for name, values := range v.Form {
		if name, is := strings.CutPrefix(name, "ctx."); is && len(params) < 100 && len(values) > 0 {
			params[name] = values[0]
		}
	}
	return params
}

// begin keeps a new execution and shows its first page.
func (s *Portal) begin(w http.ResponseWriter, v *frame.Visit, turn execution.Turn, c execution.Context) error {
	first, err := s.KeepStart(v, turn, c)
	if err != nil {
		return err
	}
	if err := s.cameFromSearch(v); err != nil {
		return err
	}
	s.Carry(w, v, first)
	if v.Ended() { // it is theirs by the browser only, also once they sign in
		s.Say(w, ui.Warn, "player.guest")
	}
	return frame.GoTo(w, v, drive.PageAddress(c.ID, first.Page.Address))
}

// cameFromSearch tells a search which procedure it led to.
func (s *Portal) cameFromSearch(v *frame.Visit) error {
	id, ok := s.Keys.Verify("search", v.FormValue("search"))
	if !ok {
		return nil
	}
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		return nil // signed by us: not a person's mistake
	}
	return s.Activity.ClickSearch(v.Context(), n, v.Entry.UID)
}

// askToStart shows the page with the button that begins.
func (s *Portal) askToStart(w http.ResponseWriter, v *frame.Visit) error {
	p := v.Place.Project
	page := views.Start{
		Chrome: s.PortalChrome(v, v.Place, s.Pick(v, p, v.Entry.Title)), Name: s.Pick(v, p, v.Entry.Title), Text: s.Pick(v, p, v.Entry.Description),
		Action: "/r/" + v.Entry.Alias, Minutes: v.Entry.Minutes,
		Portal: ui.Place{Name: s.Pick(v, p, p.Name), URL: v.Place.Address()},
	}
	for _, name := range slices.Sorted(maps.Keys(v.Form)) {
		if slices.Contains([]string{"lang", "v", "in", "search"}, name) || strings.HasPrefix(name, "ctx.") {
			page.Hidden = append(page.Hidden, [2]string{name, v.Form.Get(name)})
		}
	}
	return frame.Show(w, v, page.View())
}
