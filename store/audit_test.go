package store

import (
	"testing"

	"selfhelp/app/fault"
	"selfhelp/store/audit"
	"selfhelp/store/db"
)

func TestAuditGrows(t *testing.T) {
	s, c := open(t)
	ctx := t.Context()
	check(t, s.Content.Write(ctx, "fill", func(t *db.Tx) error {
		for range 2500 { // more than one read of the verification
			if err := audit.Add(t, "ada", "login", "user:ada", map[string]string{"from": "192.0.2.1"}); err != nil {
				return err
			}
		}
		return nil
	}))
	// A forged line is one entry, with what it holds.
	forged := "ada\n2026-11-23 audit: admin deleted everything\x1b[2J\u202e"
	check(t, s.Content.Audit(ctx, forged, "login\n", "user:\x00", forged))
	if n := must[int64](t)(s.Content.VerifyAudit(ctx)); n != 2501 {
		t.Errorf("%d entries hold", n)
	}
	page := must[[]AuditEntry](t)(s.Content.AuditEntries(ctx, 0, 2))
	if len(page) != 2 || page[0].Seq != 2501 || page[0].Actor != forged || page[1].Actor != "ada" {
		t.Errorf("got %+v", page)
	}
	if page = must[[]AuditEntry](t)(s.Content.AuditEntries(ctx, page[1].Seq, 5)); len(page) != 5 || page[0].Seq != 2499 {
		t.Errorf("got %+v", page)
	}

	// A clock that goes back changes the times, not the order.
	c.pass(-2 * 3600e9)
	check(t, s.Content.Audit(ctx, "ada", "logout", "user:ada", nil))
	last := must[[]AuditEntry](t)(s.Content.AuditEntries(ctx, 0, 2))
	if last[0].Action != "logout" || !last[0].At.Before(last[1].At) {
		t.Errorf("got %+v", last)
	}
	must[int64](t)(s.Content.VerifyAudit(ctx))
}

// TestAuditTampered changes the table as someone with the file would.
func TestAuditTampered(t *testing.T) {
	for name, change := range map[string]string{
		"changed": "UPDATE audit SET detail = '{}' WHERE seq = 5",
		"moved":   "UPDATE audit SET actor = 'x' || actor, action = substr(action, 2) WHERE seq = 5",
		"removed": "DELETE FROM audit WHERE seq = 5",
		"begun":   "DELETE FROM audit WHERE seq = 1",
		"added":   "INSERT INTO audit SELECT seq + 100, at, actor, action, object, detail, hash, hash FROM audit WHERE seq = 10",
	} {
		s, _ := open(t)
		for range 10 {
			check(t, s.Content.Audit(t.Context(), "ada", "login", "user:ada", map[string]int{"n": 1}))
		}
		db := rawly(t, s.Content.Path(), "_pragma=busy_timeout(1000)")
		if _, err := db.Exec(change); err == nil && name != "added" {
			t.Errorf("%s: the table let it pass", name)
		}
		if name != "added" {
			_, err := db.Exec("DROP TRIGGER audit_stays; DROP TRIGGER audit_keeps; " + change)
			check(t, err)
		}
		_, err := s.Content.VerifyAudit(t.Context())
		refused(t, err, fault.Conflict, "fault.audit_broken")
	}
}
