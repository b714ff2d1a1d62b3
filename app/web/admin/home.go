package admin

import (
	"net/http"
	"time"

	"selfhelp/app/admission"
	"selfhelp/app/fault"
	"selfhelp/app/login/saml"
	"selfhelp/app/watch"
	"selfhelp/app/web/frame"
	"selfhelp/store"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// home shows the facts of what the person administers, and what is wrong.
func (s *Admin) home(w http.ResponseWriter, v *frame.Visit) error {
	page := views.AdminHome{Office: s.Office(w, v, "home", v.Words.T("admin.title")), Build: s.Build}
	domains, err := s.Administered(v)
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
		{store.UserFilter{Among: Among(v), Active: true}, &page.Users},
		{store.UserFilter{Among: Among(v), Suspended: true}, &page.Suspended},
	} {
		if *f.into, err = s.Content.CountUsersLike(v.Context(), f.filter); err != nil {
			return err
		}
	}
	for _, examine := range []func(*frame.Visit, *views.AdminHome) error{s.examineOwners, s.examineLogins} {
		if err := examine(v, &page); err != nil {
			return err
		}
	}
	if page.Server {
		s.examine(v, &page)
		if err := s.examineWaysIn(v, &page); err != nil {
			return err
		}
		if err := s.examineTokens(v, &page); err != nil {
			return err
		}
		if err := s.examineMail(v, &page); err != nil {
			return err
		}
	}
	return frame.Show(w, v, page.View())
}

// countContents counts what the domains hold.
func (s *Admin) countContents(v *frame.Visit, page *views.AdminHome, domains []store.Domain) error {
	page.Domains = len(domains)
	ids := []string{}
	mine := map[string]bool{}
	for _, d := range domains {
		projects, err := s.Content.Projects(v.Context(), d.ID)
		if err != nil {
			return err
		}
		for _, p := range projects {
			ids = append(ids, p.ID)
			mine[p.ID] = true
		}
	}
	page.Projects = len(ids)
	inForce, err := s.Content.ActivePublications(v.Context())
	if err != nil {
		return err
	}
	for _, p := range inForce {
		if mine[p.Project] {
			page.InForce++
		}
	}
	now := s.Now()
	page.Executions, err = s.Activity.CountStarted(v.Context(), ids, now.Add(-30*24*time.Hour), now)
	return err
}

// examine asks the store how it is. What it answers is shown, good or bad:
// the page must stand when the store does not.
func (s *Admin) examine(v *frame.Visit, page *views.AdminHome) {
	h, err := s.Store.Check(v.Context())
	page.Content, page.Activity, page.Free = h.Content.Bytes+h.Content.LogBytes, h.Activity.Bytes+h.Activity.LogBytes, h.FreeBytes
	page.Healthy = err == nil
	if err != nil {
		s.Log.Error("the store is not well", "request", v.ID, "error", err)
		key, args := fault.TextOf(err)
		page.Alerts = append(page.Alerts, views.Alert{Tone: ui.Wrong, What: v.Words.T("admin.alert.store", v.Sentence(key, args)), Do: v.Words.T("admin.alert.store.do")})
	}
	switch {
	case h.FreeBytes >= 0 && h.FreeBytes < watch.NoRoom && err == nil:
		page.Alerts = append(page.Alerts, views.Alert{Tone: ui.Wrong, What: v.Words.T("admin.alert.full", v.Words.Size(h.FreeBytes)), Do: v.Words.T("admin.alert.full.do")})
	case h.FreeBytes >= watch.NoRoom && h.FreeBytes < watch.LittleRoom:
		page.Alerts = append(page.Alerts, views.Alert{Tone: ui.Warn, What: v.Words.T("admin.alert.full", v.Words.Size(h.FreeBytes)), Do: v.Words.T("admin.alert.full.do")})
	}
	s.examineCopy(v, page)
	s.examineBackups(v, page)
	s.examineCertificates(v, page)
	if n, err := s.Content.CountAdministrators(v.Context()); err == nil && n == 1 {
		page.Alerts = append(page.Alerts, views.Alert{Tone: ui.Info, What: v.Words.T("admin.alert.alone"), Do: v.Words.T("admin.alert.alone.do"), URL: "/admin/users/new"})
	}
}

// examineCopy says how the copy at the second site is.
func (s *Admin) examineCopy(v *frame.Visit, page *views.AdminHome) {
	c := watch.ReplicaOf(s.Store)
	page.Copy = CopyFact(c)
	if c == nil {
		return
	}
	now := time.Now() // the machine's clock, by which copies are made
	for _, row := range watch.JudgeReplica(c, now, true) {
		if row.State != watch.Warn && row.State != watch.Wrong {
			continue
		}
		page.Alerts = append(page.Alerts, views.Alert{Tone: statusTones[row.State], What: row.Alone().In(v.Words, now), Do: row.Mend.In(v.Words, now)})
	}
}

// examineCertificates says that one ends soon.
func (s *Admin) examineCertificates(v *frame.Visit, page *views.AdminHome) {
	now := time.Now() // the machine's clock, by which browsers judge
	for _, row := range watch.JudgeCertificates(s.Watch.Certificates(), now) {
		if row.State != watch.Well {
			page.Alerts = append(page.Alerts, views.Alert{Tone: statusTones[row.State], What: row.Alone().In(v.Words, now), Do: row.Mend.In(v.Words, now), URL: "/admin/certificates"})
		}
	}
}

// CopyFact is the copy at the second site as pages name it, nil where there is none.
func CopyFact(c *watch.Replica) *views.CopyFact {
	if c == nil {
		return nil
	}
	well := true
	for _, row := range watch.JudgeReplica(c, time.Now(), true) {
		well = well && row.State != watch.Wrong && (row.State != watch.Warn || row.Subject != watch.Copy)
	}
	return &views.CopyFact{Target: c.Target, Epoch: c.Epoch, Well: well}
}

// examineBackups says when the last backup was made and looked through, and what is
// wrong with them.
func (s *Admin) examineBackups(v *frame.Visit, page *views.AdminHome) {
	b, is := s.Store.BackedUp()
	if !is {
		return
	}
	now := time.Now() // the machine's clock, by which backups are made
	page.Backup = &views.BackupFact{Folder: b.Folder, Restored: b.Restored, Well: b.Failed == nil && now.Sub(b.Last) < watch.OldBackup}
	if !b.Last.IsZero() {
		page.Backup.Last, page.Backup.Verified = v.Words.Ago(b.Last, now), v.Words.Ago(b.Verified, now)
	}
	s.examineDelivery(v, page, b.Delivery)
	alert := views.Alert{Tone: ui.Wrong, Do: v.Words.T("admin.alert.backup.do")}
	switch {
	case b.Failed != nil:
		key, args := fault.TextOf(b.Failed)
		alert.What = v.Words.T("admin.alert.backup", v.Sentence(key, args))
	case b.Last.IsZero():
		alert.Tone, alert.What, alert.Do = ui.Info, v.Words.T("admin.alert.backup.none"), v.Words.T("admin.alert.backup.none.do")
	case now.Sub(b.Last) >= watch.OldBackup:
		alert.Tone, alert.What = ui.Warn, v.Words.T("admin.alert.backup.old", v.Words.Ago(b.Last, now))
	default:
		return
	}
	page.Alerts = append(page.Alerts, alert)
}

// examineDelivery says how the monthly copies of backups elsewhere are.
func (s *Admin) examineDelivery(v *frame.Visit, page *views.AdminHome, d *store.Delivery) {
	if d == nil {
		return
	}
	page.Delivery = &views.DeliveryFact{To: d.To, Failed: d.Failed != nil}
	if !d.Last.IsZero() {
		page.Delivery.Last = v.Words.Ago(d.Last, time.Now()) // the machine's clock, by which they are given
	}
	if d.Failed != nil {
		key, args := fault.TextOf(d.Failed)
		page.Alerts = append(page.Alerts, views.Alert{Tone: ui.Wrong, What: v.Words.T("admin.alert.delivery", v.Sentence(key, args)), Do: v.Words.T("admin.alert.delivery.do")})
	}
}

// examineWaysIn says which directories do not answer, and which certificates of
// identity providers end soon.
func (s *Admin) examineWaysIn(v *frame.Visit, page *views.AdminHome) error {
	settings, _, err := s.Desk.Settings(v.Context())
	if err != nil {
		return err
	}
	away := s.Desk.AwaySince()
	for _, m := range settings.Methods {
		alert := views.Alert{Tone: ui.Wrong, Do: v.Words.T("admin.alert.away.do"), URL: "/admin/sign-in/" + m.ID}
		if since, is := away[m.ID]; is {
			alert.What = v.Words.T("admin.alert.away", m.Name, v.Words.Ago(since, s.Now()))
			page.Alerts = append(page.Alerts, alert)
		}
		if m.Kind != admission.SAML || m.Off {
			continue
		}
		for _, e := range settings.Expiries(m, s.Now()) {
			alert.Tone, alert.What, alert.Do = ui.Warn, ExpiryText(v, e), v.Words.T("admin.alert.expiry.do", m.Name)
			page.Alerts = append(page.Alerts, alert)
		}
	}
	return nil
}

// ExpiryText says that a certificate ends, and what to do.
func ExpiryText(v *frame.Visit, e saml.Expiry) string {
	if e.Ours {
		return v.Words.T("method.expiry.ours", e.Name, v.Words.Date(e.At))
	}
	return v.Words.T("method.expiry.theirs", e.Name, v.Words.Date(e.At))
}
