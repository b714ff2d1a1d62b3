package admin

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"selfhelp/app/fault"
	"selfhelp/app/web/frame"
	"selfhelp/store"
	"selfhelp/views"
)

const auditPage = 100

// auditFilter reads which entries a list shows. A person is named by login.
func (s *Admin) auditFilter(v *frame.Visit) (store.AuditFilter, string, error) {
	q := v.URL.Query()
	f := store.AuditFilter{Text: cut(q.Get("q"), 200), Limit: auditPage + 1}
	f.Before, _ = strconv.ParseInt(q.Get("before"), 10, 64) // none begins at the end
	who := strings.TrimSpace(cut(q.Get("who"), 200))
	if who == "" {
		return f, "", nil
	}
	u, err := s.Content.UserByLogin(v.Context(), who)
	if fault.Is(err, fault.NotFound) {
		f.Who = who // the id of an account that is gone, or the name of a command
		return f, who, nil
	}
	f.Who = u.ID
	return f, who, err
}

// audit lists who did what.
func (s *Admin) audit(w http.ResponseWriter, v *frame.Visit) error {
	f, who, err := s.auditFilter(v)
	if err != nil {
		return err
	}
	entries, err := s.Content.AuditLike(v.Context(), f)
	if err != nil {
		return err
	}
	q := url.Values{}
	for name, value := range map[string]string{"q": f.Text, "who": who} {
		if value != "" {
			q.Set(name, value)
		}
	}
	page := views.AdminAudit{
		Office: s.office(w, v, "audit", v.Words.T("admin.audit")), Query: f.Text, Who: who, Further: f.Before > 0,
		CSV: "/admin/audit.csv?" + q.Encode(), First: "/admin/audit?" + q.Encode(),
	}
	if len(entries) > auditPage {
		entries = entries[:auditPage]
		q.Set("before", strconv.FormatInt(entries[auditPage-1].Seq, 10))
		page.Next = "/admin/audit?" + q.Encode()
	}
	if page.Entries, err = s.auditRows(v, entries); err != nil {
		return err
	}
	return frame.Show(w, v, page.View())
}

// auditRows are entries as the list shows them, with the names of people.
func (s *Admin) auditRows(v *frame.Visit, entries []store.AuditEntry) ([]views.AuditRow, error) {
	names := map[string]string{}
	name := func(id string) (string, error) {
		if known, found := names[id]; found {
			return known, nil
		}
		u, err := s.Content.User(v.Context(), id)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return "", err
		}
		names[id] = ""
		if err == nil {
			names[id] = u.Name()
		}
		return names[id], nil
	}
	rows := make([]views.AuditRow, len(entries))
	for i, a := range entries {
		actor, err := name(a.Actor)
		if err != nil {
			return nil, err
		}
		kind, id, _ := strings.Cut(a.Object, ":")
		row := views.AuditRow{Seq: a.Seq, At: a.At, Actor: actor, ActorID: a.Actor, Action: a.Action, Object: a.Object}
		row.Detail = readable(a.Detail)
		if v.Words.Has("audit." + a.Action) {
			row.Action = v.Words.T("audit." + a.Action)
		}
		switch kind {
		case "user":
			if row.ObjectName, err = name(id); err != nil {
				return nil, err
			}
			if row.ObjectName != "" {
				row.URL = "/admin/users/" + id
			}
		case "domain":
			row.ObjectName, row.URL = id, "/admin/domains/"+id
		}
		rows[i] = row
	}
	return rows, nil
}

// readable writes the detail of an entry as people read it: names and values,
// one thing after the other.
func readable(detail json.RawMessage) string {
	var value any
	if err := json.Unmarshal(detail, &value); err != nil {
		return string(detail) // as it is: it must be seen all the same
	}
	return inWords(value)
}

func inWords(value any) string {
	var parts []string
	switch value := value.(type) {
	case nil:
		return ""
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(value)) {
			if words := inWords(value[name]); words != "" {
				parts = append(parts, name+" = "+words)
			}
		}
		return strings.Join(parts, ", ")
	case []any:
		for _, item := range value {
			parts = append(parts, inWords(item))
		}
		return strings.Join(parts, "; ")
	}
	return fmt.Sprint(value)
}

// auditCSV gives the audit out.
func (s *Admin) auditCSV(w http.ResponseWriter, v *frame.Visit) error {
	f, _, err := s.auditFilter(v)
	if err != nil {
		return err
	}
	if err := s.Content.Audit(v.Context(), v.Who.ID, "audit.export", "", map[string]string{"filter": v.URL.RawQuery}); err != nil {
		return err
	}
	f.Before, f.Limit = 0, 1000
	head := []string{"seq", "at", "actor", "name", "action", "object", "detail"}
	done := false
	return s.SendCSV(w, v, "audit.csv", head, func() ([][]string, error) {
		if done {
			return nil, nil
		}
		entries, err := s.Content.AuditLike(v.Context(), f)
		if err != nil || len(entries) == 0 {
			return nil, err
		}
		done, f.Before = len(entries) < f.Limit, entries[len(entries)-1].Seq
		rows, err := s.auditRows(v, entries)
		if err != nil {
			return nil, err
		}
		table := make([][]string, len(rows))
		for i, a := range rows {
			table[i] = []string{strconv.FormatInt(a.Seq, 10), a.At.Format(time.RFC3339Nano), a.ActorID, a.Actor, entries[i].Action, a.Object, string(entries[i].Detail)}
		}
		return table, nil
	})
}
