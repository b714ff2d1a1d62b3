package signin

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"selfhelp/app/admission"
	"selfhelp/app/fault"
	"selfhelp/app/login"
	"selfhelp/app/web/frame"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// sync asks a directory for everybody, to show what would change or to change
// it.
func (s *Room) sync(w http.ResponseWriter, v *frame.Visit) error {
	if err := v.ParseForm(); err != nil {
		return frame.Unreadable(err)
	}
	m, err := s.named(v)
	if err != nil {
		return err
	}
	if m.Kind != admission.LDAP {
		return fault.New(fault.NotFound, "fault.not_found")
	}
	dry := v.PostFormValue("do") != "now"
	trace := &login.Trace{}
	plan, failed := s.Desk.Synchronise(v.Context(), m, dry, trace)
	s.Sessions.Forget()
	title := "admin.sync.done"
	if dry {
		title = "admin.sync.would"
	}
	page := views.AdminSync{Office: s.Office(w, v, where, v.Words.T(title, m.Name)), ID: m.ID, Dry: dry, Trace: traceRows(v, trace.Lines)}
	if failed != nil {
		key, args := fault.TextOf(failed)
		page.Failed = v.Words.T(key, args...)
		if advice := key + ".do"; v.Words.Has(advice) {
			page.Advice = v.Words.T(advice)
		}
	}
	if err := s.fillSync(v, plan, &page); err != nil {
		return err
	}
	return frame.Show(w, v, page.View())
}

// shownLines is how many people a page of a synchronisation names.
const shownLines = 200

func (s *Room) fillSync(v *frame.Visit, p admission.Plan, page *views.AdminSync) error {
	for _, c := range []struct {
		key string
		n   int
	}{{"listed", p.Listed}, {"created", p.Created}, {"changed", p.Changed}, {"suspended", p.Suspended}, {"gone", p.Gone}, {"refused", p.Refused}} {
		page.Counts = append(page.Counts, views.SyncCount{Name: v.Words.T("admin.sync.count." + c.key), N: int64(c.n)})
	}
	page.Nothing = page.Failed == "" && p.Created+p.Changed+p.Suspended+p.Gone+p.Refused == 0
	page.More = max(p.Created+p.Changed+p.Suspended+p.Gone+p.Refused-min(len(p.Lines), shownLines), 0)
	tones := map[admission.Act]ui.Tone{admission.Create: ui.OK, admission.Change: ui.Info, admission.Suspend: ui.Warn, admission.Gone: ui.Warn, admission.Refuse: ui.Wrong}
	for _, l := range p.Lines[:min(len(p.Lines), shownLines)] {
		changes, err := s.changesIn(v, l)
		if err != nil {
			return err
		}
		page.Lines = append(page.Lines, views.SyncLine{Tone: tones[l.Act], Act: v.Words.T("admin.sync.act." + string(l.Act)), User: l.User, Login: l.Login, Name: l.Name, Changes: changes})
	}
	return nil
}

// changesIn says in words what is otherwise for somebody.
func (s *Room) changesIn(v *frame.Visit, l admission.Line) (list []string, err error) {
	if l.Why != "" {
		list = append(list, v.Words.T(l.Why))
	}
	for _, d := range l.Fields {
		was, now := d.Was, d.Now
		if d.Field == "role" {
			was, now = v.Words.T("role."+was), v.Words.T("role."+now)
		}
		switch {
		case was == "":
			list = append(list, v.Words.T("admin.change.set", fieldName(v, d.Field), now))
		case now == "":
			list = append(list, v.Words.T("admin.change.cleared", fieldName(v, d.Field), was))
		default:
			list = append(list, v.Words.T("admin.change", fieldName(v, d.Field), was, now))
		}
	}
	for _, in := range []struct {
		key string
		ids []string
	}{{"admin.change.enters", l.Entered}, {"admin.change.leaves", l.Left}} {
		for _, id := range in.ids {
			g, err := s.Content.Group(v.Context(), id)
			if err != nil && !fault.Is(err, fault.NotFound) {
				return list, err
			}
			list = append(list, v.Words.T(in.key, s.GroupTitle(v, g)))
		}
	}
	return list, nil
}

// fieldName is what a field of an account is called; attributes by their name.
func fieldName(v *frame.Visit, field string) string {
	for _, key := range []string{"field." + field, "profile." + field} {
		if v.Words.Has(key) {
			return v.Words.T(key)
		}
	}
	return field
}

func sortedKeys(m map[string]string) []string { return slices.Sorted(maps.Keys(m)) }

// countsOf says in words what a synchronisation did.
func countsOf(v *frame.Visit, p admission.Plan) string {
	var parts []string
	for _, c := range []struct {
		key string
		n   int
	}{{"listed", p.Listed}, {"created", p.Created}, {"changed", p.Changed}, {"suspended", p.Suspended}, {"gone", p.Gone}, {"refused", p.Refused}} {
		if c.n > 0 || c.key == "listed" {
			parts = append(parts, v.Words.N("admin.sync.part."+c.key, c.n))
		}
	}
	return strings.Join(parts, " · ")
}
