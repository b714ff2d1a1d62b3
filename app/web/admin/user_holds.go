package admin

import (
	"cmp"

	"selfhelp/app/web/frame"
	"selfhelp/store"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// held is what somebody holds in the domains that the person administers: projects,
// rights in them by name, and tokens. Whoever suspends them has to hand it over.
func (s *Admin) held(v *frame.Visit, u store.User) (views.UserHolds, error) {
	var holds views.UserHolds
	all, err := s.Content.UserHoldings(v.Context(), u.ID)
	if err != nil {
		return holds, err
	}
	for _, h := range all {
		if h.Right == "" && Administers(v, h.Domain) {
			holds.Owned = append(holds.Owned, ui.Place{Name: cmp.Or(s.Words(v, h.Name), h.Alias), URL: ownerAddress(h)})
		}
	}
	holds.Rights = s.rightsIn(v, all)
	tokens, err := s.Content.TokensOf(v.Context(), u.ID)
	for _, k := range tokens {
		state := frame.StateOfToken(k, u, s.Now())
		if state != frame.TokenOpen && state != frame.TokenSoon {
			continue
		}
		used := v.Words.T("holds.token.never", k.Name)
		if !k.Used.IsZero() {
			used = v.Words.T("holds.token.used", k.Name, v.Words.Ago(k.Used, s.Now()))
		}
		holds.Tokens = append(holds.Tokens, used)
	}
	return holds, err
}

// ownerAddress is where a project is given to another owner.
func ownerAddress(h store.Holding) string {
	return "/studio/p/" + h.Project + "/settings#owner-title"
}

// examineOwners says which projects belong to somebody who is suspended.
func (s *Admin) examineOwners(v *frame.Visit, page *views.AdminHome) error {
	orphans, err := s.Content.Orphans(v.Context())
	for _, h := range orphans {
		if Administers(v, h.Domain) {
			name := cmp.Or(s.Words(v, h.Name), h.Alias)
			page.Alerts = append(page.Alerts, views.Alert{Tone: ui.Warn, What: v.Words.T("admin.alert.orphan", name), Do: v.Words.T("admin.alert.orphan.do"), URL: ownerAddress(h)})
		}
	}
	return err
}
