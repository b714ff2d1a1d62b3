package admin

import (
	"slices"
	"strings"

	"selfhelp/app/web/frame"
	"selfhelp/store"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// alikeShown is how many sets of logins that look the same the overview names.
const alikeShown = 5

// examineLogins says which logins look the same, among the accounts that the person
// may know of: such were made before they were compared by how they look.
func (s *Admin) examineLogins(v *frame.Visit, page *views.AdminHome) error {
	all, err := s.Content.Alike(v.Context())
	if err != nil || len(all) == 0 {
		return err
	}
	var ids []string
	for _, u := range slices.Concat(all...) {
		ids = append(ids, u.ID)
	}
	placed, err := s.Content.Placed(v.Context(), ids)
	if err != nil {
		return err
	}
	hidden := func(u store.User) bool {
		return !v.RulesServer() && !slices.ContainsFunc(placed[u.ID].Domains, func(d string) bool { return Administers(v, d) })
	}
	var told [][]store.User
	for _, alike := range all {
		if alike = slices.DeleteFunc(alike, hidden); len(alike) > 1 {
			told = append(told, alike)
		}
	}
	for _, alike := range told[:min(len(told), alikeShown)] {
		var logins []string
		for _, u := range alike {
			logins = append(logins, u.Login)
		}
		page.Alerts = append(page.Alerts, views.Alert{
			Tone: ui.Warn, What: v.Words.T("admin.alert.alike", strings.Join(logins, ", ")), Do: v.Words.T("admin.alert.alike.do"), URL: "/admin/users/" + alike[len(alike)-1].ID,
		})
	}
	if more := len(told) - alikeShown; more > 0 {
		page.Alerts = append(page.Alerts, views.Alert{Tone: ui.Warn, What: v.Words.N("admin.alert.alikes", more), Do: v.Words.T("admin.alert.alikes.do")})
	}
	return nil
}
