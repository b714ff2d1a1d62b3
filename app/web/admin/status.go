package admin

import (
	"cmp"
	"net/http"

	"selfhelp/app/watch"
	"selfhelp/app/web/frame"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// status shows how the server is. It is kept open on walls, and must stand when
// the store does not.
func (s *Admin) status(w http.ResponseWriter, v *frame.Visit) error {
	r := s.Watch.Report(v.Context())
	page := views.AdminStatus{Office: s.Office(w, v, "status", v.Words.T("admin.status")), At: r.At}
	for _, row := range r.Rows() {
		page.Rows = append(page.Rows, statusRow(v.Words, r, row))
	}
	return frame.Show(w, v, page.View())
}

// statusTones are the states as pages show them.
var statusTones = map[watch.State]ui.Tone{watch.Well: ui.OK, watch.Warn: ui.Warn, watch.Wrong: ui.Wrong}

// statusPlaces are where something is set up or mended, when here.
var statusPlaces = map[string]string{watch.ToDo: "/admin/mail#waiting", watch.MailServing: "/admin/mail"}

// mendPlaces are where something is mended, or told how, by what is said to do.
var mendPlaces = map[string]string{
	"status.servers.look": "/admin/servers", "status.backup.none.do": "/admin/guide/backup", "admin.fact.copy.none.do": "/admin/guide/copy",
}

func statusRow(words *ui.Words, r watch.Report, row watch.Row) views.StatusRow {
	shown := views.StatusRow{
		Name: words.T("status.row." + row.Subject), State: words.T("status.state." + string(row.State)), Tone: statusTones[row.State],
		Figure: row.Figure.In(words, r.At), Since: row.Since, URL: statusPlaces[row.Subject],
	}
	for _, d := range row.Detail {
		shown.Details = append(shown.Details, d.In(words, r.At))
	}
	if row.Mend != nil {
		shown.Mend = row.Mend.In(words, r.At)
		shown.URL = cmp.Or(shown.URL, mendPlaces[row.Mend.Key])
	}
	return shown
}
