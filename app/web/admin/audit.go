package admin

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"selfhelp/app/fault"
	"selfhelp/app/web/frame"
	"selfhelp/store"
	"selfhelp/views"
	"selfhelp/views/ui"
)

const auditPage = 100

// auditFilter reads which entries a list shows. A person is named by login, name
// or address.
func (s *Admin) auditFilter(v *frame.Visit) (f store.AuditFilter, l views.List, err error) {
	q := v.URL.Query()
	l = frame.Listed(q, "/admin/audit", []string{"at"}, "q", "who", "action", "from", "until")
	f = store.AuditFilter{Text: l.Value("q"), Action: l.Value("action"), Oldest: l.Sort == "at" && !l.Down, Limit: auditPage + 1}
	f.After, _ = strconv.ParseInt(q.Get("after"), 10, 64) // none begins at the end
	if from, err := time.ParseInLocation(time.DateOnly, l.Value("from"), ui.Zone()); err == nil {
		f.From = from
	}
	if until, err := time.ParseInLocation(time.DateOnly, l.Value("until"), ui.Zone()); err == nil {
		f.To = until.AddDate(0, 0, 1)
	}
	who := l.Value("who")
	if who == "" {
		return f, l, nil
	}
	f.Who, err = s.called(v, who)
	return f, l, err
}

// calledMost bounds among how many people a name is looked for.
const calledMost = 1000

// called are the ids of the people whom somebody means: by their login, or else
// by words of their name or address, and what was typed itself: it may be the id
// of an account that is gone, or the name of a command.
func (s *Admin) called(v *frame.Visit, who string) ([]string, error) {
	u, err := s.Content.UserByLogin(v.Context(), who)
	if err == nil || !fault.Is(err, fault.NotFound) {
		return []string{u.ID}, err
	}
	ids, words := []string{who}, strings.Fields(strings.ToLower(who))
	if len(words) == 0 {
		return ids, nil
	}
	longest := slices.MaxFunc(words, func(a, b string) int { return len(a) - len(b) })
	found, err := s.Content.Users(v.Context(), store.UserFilter{Text: longest, Limit: calledMost})
	for _, u := range found {
		all := strings.ToLower(u.Known() + " " + u.Mail)
		if !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(all, w) }) {
			ids = append(ids, u.ID)
		}
	}
	return ids, err
}

// audit lists who did what.
func (s *Admin) audit(w http.ResponseWriter, v *frame.Visit) error {
	f, l, err := s.auditFilter(v)
	if err != nil {
		return err
	}
	entries, err := s.Content.AuditLike(v.Context(), f)
	if err != nil {
		return err
	}
	l.First, l.Further = l.Address(""), f.After > 0
	if len(entries) > auditPage {
		entries = entries[:auditPage]
		l.Next = l.Address("", "after", strconv.FormatInt(entries[auditPage-1].Seq, 10))
	}
	page := views.AdminAudit{Office: s.Office(w, v, "audit", v.Words.T("admin.audit")), List: l}
	if page.Entries, err = s.auditRows(v, entries); err != nil {
		return err
	}
	actions, err := s.Content.AuditActions(v.Context())
	if err != nil {
		return err
	}
	for _, a := range actions {
		page.Actions = append(page.Actions, views.Option{Value: a, Name: actionWords(v, a)})
	}
	slices.SortFunc(page.Actions, func(a, b views.Option) int { return strings.Compare(a.Name, b.Name) })
	return frame.Show(w, v, page.View())
}

// verifyAudit follows the chain of the whole audit, and says what of it was
// looked at and what came of it.
func (s *Admin) verifyAudit(w http.ResponseWriter, v *frame.Visit) error {
	found, err := s.Content.VerifyAudit(v.Context())
	n := v.Words.Number(found.Entries)
	switch {
	case fault.Is(err, fault.Conflict):
		s.Say(w, ui.Wrong, "admin.audit.broken", v.Words.Number(found.Entries+1), n)
	case err != nil:
		return err
	case len(found.Missing) > 0:
		last := found.Missing[len(found.Missing)-1]
		s.Say(w, ui.Wrong, "admin.audit.missing", missingEntries(v, found.Missing), v.Words.DateTime(last.NotedAt), n)
	case found.Noted > 0:
		s.Say(w, ui.OK, "admin.audit.holds", n, v.Words.Number(found.Noted), v.Words.DateTime(found.NotedAt))
	case found.Foreign:
		s.Say(w, ui.Warn, "admin.audit.foreign", n)
	default:
		s.Say(w, ui.Warn, "admin.audit.unnoted", n)
	}
	return frame.GoTo(w, v, "/admin/audit")
}

// missingEntries names which entries are gone.
func missingEntries(v *frame.Visit, all []store.AuditMissing) string {
	var ranges []string
	for _, m := range all {
		ranges = append(ranges, v.Words.T("admin.audit.range", v.Words.Number(m.From), v.Words.Number(m.To)))
	}
	return strings.Join(ranges, ", ")
}

// actionWords says what was done.
func actionWords(v *frame.Visit, action string) string {
	if v.Words.Has("audit." + action) {
		return v.Words.T("audit." + action)
	}
	return action
}

// auditURLs are where things are shown, by kind.
var auditURLs = map[string]string{"user": "/admin/users/", "domain": "/admin/domains/", "group": "/admin/groups/", "project": "/studio/p/"}

// auditRows are entries as the list shows them, with the names of people and
// things.
func (s *Admin) auditRows(v *frame.Visit, entries []store.AuditEntry) ([]views.AuditRow, error) {
	n := s.namer(v)
	rows := make([]views.AuditRow, len(entries))
	for i, a := range entries {
		row := views.AuditRow{Seq: a.Seq, At: a.At, ActorID: a.Actor, Action: actionWords(v, a.Action), Object: a.Object, Raw: string(a.Detail)}
		detail, program := a.Told()
		if program != nil {
			row.Program = program.Name
		}
		if row.Raw == "null" {
			row.Raw = ""
		}
		var err error
		if row.Actor, err = n.name("user", a.Actor); err != nil {
			return nil, err
		}
		if row.Actor == "" && v.Words.Has("audit.actor."+a.Actor) {
			row.By = v.Words.T("audit.actor." + a.Actor)
		}
		kind, id, _ := strings.Cut(a.Object, ":")
		if row.ObjectName, err = n.name(kind, id); err != nil {
			return nil, err
		}
		if v.Words.Has("audit.of." + kind) {
			row.Kind = v.Words.T("audit.kind." + kind)
		}
		if row.ObjectName != "" && auditURLs[kind] != "" {
			row.URL = auditURLs[kind] + id
		}
		if row.Detail, err = n.detail(detail); err != nil {
			return nil, err
		}
		rows[i] = row
	}
	return rows, nil
}

// auditTable gives the audit out.
func (s *Admin) auditTable(w http.ResponseWriter, v *frame.Visit) error {
	f, _, err := s.auditFilter(v)
	if err != nil {
		return err
	}
	if err := s.Content.Audit(v.Context(), v.Who.ID, "audit.export", "", map[string]string{"filter": v.URL.RawQuery}); err != nil {
		return err
	}
	f.After, f.Limit = 0, 1000
	done := false
	return s.SendTable(w, v, frame.Table{
		Name: "audit", Head: []string{"seq", "at", "actor", "name", "action", "object", "title", "detail", "program"},
		Next: func() ([][]string, error) {
			if done {
				return nil, nil
			}
			entries, err := s.Content.AuditLike(v.Context(), f)
			if err != nil || len(entries) == 0 {
				return nil, err
			}
			done, f.After = len(entries) < f.Limit, entries[len(entries)-1].Seq
			rows, err := s.auditRows(v, entries)
			if err != nil {
				return nil, err
			}
			table := make([][]string, len(rows))
			for i, a := range rows {
				table[i] = []string{strconv.FormatInt(a.Seq, 10), a.At.Format(time.RFC3339Nano), a.ActorID, a.Actor, entries[i].Action, a.Object, a.ObjectName, string(entries[i].Detail), a.Program}
			}
			return table, nil
		},
	})
}
