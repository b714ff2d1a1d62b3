package store

import (
	"encoding/json"
	"slices"
	"sync"
	"testing"
	"time"

	"selfhelp/app/access"
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
	if v := must[audit.Verified](t)(s.Content.VerifyAudit(ctx)); v.Entries != 2501 {
		t.Errorf("%d entries hold", v.Entries)
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
	must[audit.Verified](t)(s.Content.VerifyAudit(ctx))
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

// entries appends so many to the audit.
func entries(t *testing.T, s *Store, n int) {
	t.Helper()
	for range n {
		check(t, s.Content.Audit(t.Context(), "ada", "login", "user:ada", nil))
	}
}

// cut takes the last entries out as someone with the file would.
func cut(t *testing.T, s *Store, after int) {
	t.Helper()
	db := rawly(t, s.Content.Path(), "_pragma=busy_timeout(1000)")
	_, err := db.Exec("DROP TRIGGER IF EXISTS audit_keeps; DELETE FROM audit WHERE seq > ?", after)
	check(t, err)
}

func verified(t *testing.T, s *Store) audit.Verified {
	t.Helper()
	return must[audit.Verified](t)(s.Content.VerifyAudit(t.Context()))
}

// TestAuditCut: what the chain alone cannot know, the other database does, also
// when new entries stand where some were cut off.
func TestAuditCut(t *testing.T) {
	s, c := open(t)
	entries(t, s, 10)
	c.pass(time.Minute)
	if v := verified(t, s); v.Entries != 10 || v.Foreign || len(v.Missing) > 0 {
		t.Fatalf("as it is: %+v", v)
	}
	if v := verified(t, s); v.Noted != 10 || c.now().Sub(v.NotedAt) > time.Second {
		t.Errorf("noted: %+v", v)
	}
	cut(t, s, 6)
	missing := func(want ...[2]int64) {
		t.Helper()
		var got [][2]int64
		for _, m := range verified(t, s).Missing {
			got = append(got, [2]int64{m.From, m.To})
		}
		if !slices.Equal(got, want) {
			t.Errorf("missing are %v, want %v", got, want)
		}
	}
	missing([2]int64{7, 10})
	c.pass(time.Minute)
	entries(t, s, 2)
	missing([2]int64{7, 10})
	entries(t, s, 20)
	missing([2]int64{7, 10})
	entries(t, s, 1)
	missing([2]int64{7, 10}) // and with it the last entry is noted
	cut(t, s, 0)
	if v := verified(t, s); v.Entries != 0 || len(v.Missing) != 2 || v.Missing[1].From != 1 || v.Missing[1].To < 28 {
		t.Errorf("all cut: %+v", v)
	}
}

// TestAuditNotedAtOnce: whoever notes how far the audit goes at the same moment
// as another, one note is left of it.
func TestAuditNotedAtOnce(t *testing.T) {
	s, _ := open(t)
	notes := rawly(t, s.Activity.Path(), "_pragma=busy_timeout(1000)")
	var all sync.WaitGroup
	for range 2 {
		all.Go(func() {
			for range 50 {
				if err := s.Content.Audit(t.Context(), "ada", "login", "user:ada", nil); err != nil {
					t.Error(err)
				}
				if _, err := s.Content.VerifyAudit(t.Context()); err != nil {
					t.Error(err)
				}
				var n int
				if err := notes.QueryRow("SELECT count(*) FROM audit_head").Scan(&n); err != nil || n != 1 {
					t.Errorf("%d notes of one chain, want 1 (%v)", n, err)
				}
			}
		})
	}
	all.Wait()
}

// TestAuditNotedBehind: the end is noted after each commit without anybody
// waiting, at the latest when the store is closed, and an older or a foreign
// note accuses nobody.
func TestAuditNotedBehind(t *testing.T) {
	dir := t.TempDir()
	s := must[*Store](t)(Open(t.Context(), dir, Options{Log: quiet()}))
	entries(t, s, 5)
	check(t, s.Close())
	s = must[*Store](t)(Open(t.Context(), dir, Options{Log: quiet()}))
	defer func() { check(t, s.Close()) }()
	cut(t, s, 3)
	if v := verified(t, s); len(v.Missing) != 1 || v.Missing[0].From != 4 || v.Missing[0].To != 5 {
		t.Errorf("cut after the store was closed: %+v", v)
	}
	raw := rawly(t, s.Activity.Path(), "_pragma=busy_timeout(1000)")
	note := func(query string) {
		t.Helper()
		_, err := raw.Exec(query)
		check(t, err)
	}
	note("DELETE FROM audit_head")
	if v := verified(t, s); v.Noted != 0 || v.Foreign || len(v.Missing) > 0 {
		t.Errorf("without notes: %+v", v)
	}
	entries(t, s, 4)
	if v := verified(t, s); v.Entries != 7 || v.Noted == 0 || len(v.Missing) > 0 {
		t.Errorf("with an older note: %+v", v)
	}
	note("UPDATE audit_head SET first = x'00', seq = 900")
	if v := verified(t, s); !v.Foreign || v.Noted != 0 || len(v.Missing) > 0 {
		t.Errorf("with the note of another server: %+v", v)
	}
}

// TestAuditOfPrograms: what is written while a program asks names it, whatever
// is written.
func TestAuditOfPrograms(t *testing.T) {
	s, _ := open(t)
	ctx := audit.ByProgram(t.Context(), audit.Program{Token: "t1", Name: "Intranet"})
	check(t, s.Content.Audit(ctx, "ada", "login", "", []string{"x"}))
	u := must[User](t)(s.Content.CreateUser(ctx, User{Login: "eve", Role: access.User, Active: true}, "ada"))
	check(t, s.Content.Audit(t.Context(), "ada", "logout", "", nil))
	all := must[[]AuditEntry](t)(s.Content.AuditLike(t.Context(), AuditFilter{Oldest: true, Who: []string{"ada", u.ID}, Limit: 10}))
	if len(all) != 3 {
		t.Fatalf("%d entries", len(all))
	}
	for i, want := range []string{`["x"]`, `{"active":true,"everywhere":false,"role":"user"}`, "null"} {
		detail, by := all[i].Told()
		if string(detail) != want || (by != nil) != (i < 2) || by != nil && (by.Token != "t1" || by.Name != "Intranet") {
			t.Errorf("%s: %s by %+v", all[i].Action, detail, by)
		}
	}
}

// TestAuditOfChangedAccounts: the names of what changed, the values of what opens
// doors, and no value of anybody's own.
func TestAuditOfChangedAccounts(t *testing.T) {
	s, _ := open(t)
	ctx := t.Context()
	u := must[User](t)(s.Content.CreateUser(ctx, User{Login: "eve", Role: access.User, Active: true, Attributes: map[string]string{"skill": "3"}}, "ada"))
	save := func(change func(*User)) {
		t.Helper()
		change(&u)
		u = must[User](t)(s.Content.SaveUser(ctx, u, "ada"))
	}
	save(func(u *User) {
		u.Mail, u.LastName, u.Attributes = "eve@example.org", "Adams", map[string]string{"entity": "Sales"}
	})
	save(func(u *User) { u.Role, u.Everywhere = access.Writer, true })
	save(func(u *User) { u.Active = false })
	save(func(u *User) { u.Active, u.FirstName = true, "Eve" })
	all := must[[]AuditEntry](t)(s.Content.AuditLike(ctx, AuditFilter{Oldest: true, Who: []string{u.ID}, Limit: 10}))
	var got []string
	for _, a := range all[1:] {
		got = append(got, a.Action+" "+string(a.Detail))
	}
	want := []string{
		`user.save {"attributes":["entity","skill"],"fields":["last_name","mail"]}`,
		`user.save {"everywhere":{"was":false,"now":true},"role":{"was":"user","now":"writer"}}`,
		`user.suspend null`,
		`user.save {"fields":["first_name"]}`, `user.reinstate null`,
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}

// TestDifferences: what is secret or somebody's own goes by its name alone.
func TestDifferences(t *testing.T) {
	type part struct {
		Secret string `json:"secret"`
		Most   int    `json:"most"`
	}
	type whole struct {
		Part part   `json:"part"`
		Host string `json:"host"`
		On   bool   `json:"on,omitempty"`
		Same string `json:"same"`
	}
	d := must[audit.Changes](t)(audit.Differences(whole{part{"a", 1}, "x", false, "s"}, whole{part{"b", 2}, "y", true, "s"}, "host"))
	got := string(must[[]byte](t)(json.Marshal(d)))
	if want := `{"fields":["part.secret"],"values":{"host":{"was":"x","now":"y"},"on":{"was":null,"now":true},"part.most":{"was":1,"now":2}}}`; got != want {
		t.Errorf("got %s", got)
	}
}
