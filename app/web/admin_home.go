package web

import (
	"net/http"
	"time"

	"selfhelp/app/fault"
	"selfhelp/store"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// A disk with less room than this needs looking after; with less still, soon
// nothing can be kept.
const (
	littleRoom = 5 << 30
	noRoom     = 1 << 30
)

// adminHome shows the facts of what the person administers, and what is wrong.
func (s *Site) adminHome(w http.ResponseWriter, v *visit) error {
	page := views.AdminHome{Office: s.office(w, v, "home", v.words.T("admin.title")), Build: s.build}
	domains, err := s.administered(v)
	if err != nil {
		return err
	}
	if err := s.countContents(v, &page, domains); err != nil {
		return err
	}
	for _, f := range []struct {
		filter store.UserFilter
		into   *int64
	}{
		{store.UserFilter{Among: v.among(), Active: true}, &page.Users},
		{store.UserFilter{Among: v.among(), Suspended: true}, &page.Suspended},
	} {
		if *f.into, err = s.content.CountUsersLike(v.Context(), f.filter); err != nil {
			return err
		}
	}
	if page.Server {
		s.examine(v, &page)
	}
	return show(w, v, page.View())
}

// countContents counts what the domains hold.
func (s *Site) countContents(v *visit, page *views.AdminHome, domains []store.Domain) error {
	page.Domains = len(domains)
	ids := []string{}
	mine := map[string]bool{}
	for _, d := range domains {
		projects, err := s.content.Projects(v.Context(), d.ID)
		if err != nil {
			return err
		}
		for _, p := range projects {
			ids = append(ids, p.ID)
			mine[p.ID] = true
		}
	}
	page.Projects = len(ids)
	inForce, err := s.content.ActivePublications(v.Context())
	if err != nil {
		return err
	}
	for _, p := range inForce {
		if mine[p.Project] {
			page.InForce++
		}
	}
	now := s.now()
	page.Executions, err = s.activity.CountStarted(v.Context(), ids, now.Add(-30*24*time.Hour), now)
	return err
}

// examine asks the store how it is. What it answers is shown, good or bad:
// the page must stand when the store does not.
func (s *Site) examine(v *visit, page *views.AdminHome) {
	h, err := s.store.Check(v.Context())
	page.Content, page.Activity, page.Free = h.Content.Bytes+h.Content.LogBytes, h.Activity.Bytes+h.Activity.LogBytes, h.FreeBytes
	page.Healthy = err == nil
	if err != nil {
		s.log.Error("the store is not well", "request", v.id, "error", err)
		key, args := fault.TextOf(err)
		page.Alerts = append(page.Alerts, views.Alert{Tone: ui.Wrong, What: v.words.T("admin.alert.store", v.sentence(key, args)), Do: v.words.T("admin.alert.store.do")})
	}
	switch {
	case h.FreeBytes >= 0 && h.FreeBytes < noRoom && err == nil:
		page.Alerts = append(page.Alerts, views.Alert{Tone: ui.Wrong, What: v.words.T("admin.alert.full", v.words.Size(h.FreeBytes)), Do: v.words.T("admin.alert.full.do")})
	case h.FreeBytes >= noRoom && h.FreeBytes < littleRoom:
		page.Alerts = append(page.Alerts, views.Alert{Tone: ui.Warn, What: v.words.T("admin.alert.full", v.words.Size(h.FreeBytes)), Do: v.words.T("admin.alert.full.do")})
	}
	if n, err := s.content.CountAdministrators(v.Context()); err == nil && n == 1 {
		page.Alerts = append(page.Alerts, views.Alert{Tone: ui.Info, What: v.words.T("admin.alert.alone"), Do: v.words.T("admin.alert.alone.do"), URL: "/admin/users/new"})
	}
}
