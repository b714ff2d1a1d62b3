package store

import (
	"path/filepath"
	"testing"

	"selfhelp/app/access"
	"selfhelp/app/fault"
	"selfhelp/store/people"
)

// TestLoginsThatLookAlike gives no account a login that people would take for that of
// another one, however the account comes about.
func TestLoginsThatLookAlike(t *testing.T) {
	s, _ := open(t)
	ctx, by := t.Context(), "test"
	kept := must[User](t)(s.Content.CreateUser(ctx, User{Login: "k.benali", Role: access.User, Active: true}, by))
	other := must[User](t)(s.Content.CreateUser(ctx, User{Login: "other", Role: access.User, Active: true}, by))
	must[User](t)(s.Content.CreateUser(ctx, User{Login: "сос", Role: access.User, Active: true}, by)) // Cyrillic
	alike := func(err error) {
		t.Helper()
		if fault.KindOf(err) != fault.Conflict || fault.FieldsOf(err)["login"] != "fault.user.alike" {
			t.Errorf("%v", err)
		}
	}
	for _, login := range []string{"k.benalı", "K.BENALı", "coc"} {
		_, err := s.Content.CreateUser(ctx, User{Login: login, Role: access.User, Active: true}, by)
		alike(err)
		renamed := other
		renamed.Login = login
		_, err = s.Content.SaveUser(ctx, renamed, by)
		alike(err)
		alike(s.Content.SaveRoster(ctx, []people.Roster{{User: User{Login: login, Role: access.User, Active: true}}}, by))
		come := must[[]people.Arrived](t)(s.Content.Arrive(ctx, []people.Arrival{{Method: "m", Subject: login, Create: true, Take: people.TakeAny, Account: func(u User) User { u.Login, u.Role = login, access.User; return u }}}, by))
		refused(t, come[0].Err, fault.Unauthenticated, people.AccountAlike)
		if _, err := s.Content.UserByLogin(ctx, login); !fault.Is(err, fault.NotFound) {
			t.Errorf("%q finds somebody: %v", login, err)
		}
	}
	for _, login := range []string{"ꓗꓲꓟ", "kսm", "ᏚᎪᎷ"} { // Lisu, Latin with Armenian, Cherokee
		if _, err := s.Content.CreateUser(ctx, User{Login: login, Role: access.User, Active: true}, by); fault.FieldsOf(err)["login"] != "fault.user.login" {
			t.Errorf("%q: %v", login, err)
		}
	}
	kept.Login = "k.Benali"
	must[User](t)(s.Content.SaveUser(ctx, kept, by)) // its own, otherwise written
	if all := must[[][]User](t)(s.Content.Alike(ctx)); len(all) != 0 {
		t.Errorf("%v look the same", all)
	}
	if taken := must[[]string](t)(s.Content.LookTaken(ctx, []string{"k.benalı", "k.benali", "new"})); len(taken) != 1 || taken[0] != "k.benalı" {
		t.Errorf("%q are taken", taken)
	}
}

// beforeNames leads a database back to the shape before the names of groups in versions
// were kept.
const beforeNames = "DROP TABLE wish_taken; ALTER TABLE user DROP COLUMN era; DROP TABLE wish; DROP TABLE arrival; DROP TABLE server; DROP TABLE target; DROP TABLE version_names; DROP INDEX version_unnamed; DROP INDEX version_trial; ALTER TABLE version DROP COLUMN named; PRAGMA user_version = 10; "

// beforeLooks leads a database back to the shape before logins were compared by how
// they look.
const beforeLooks = beforeNames + "DROP INDEX user_login_look; ALTER TABLE user DROP COLUMN login_look; ALTER TABLE mail_change ADD COLUMN now TEXT NOT NULL DEFAULT ''; PRAGMA user_version = 9; "

// TestLoginsThatLookedAlikeBefore opens a database with two logins that look the same,
// of before they were compared: both stay, and are told of.
func TestLoginsThatLookedAlikeBefore(t *testing.T) {
	dir, ctx, by := t.TempDir(), t.Context(), "test"
	check(t, must[*Store](t)(Open(ctx, dir, Options{Now: newClock().now, Log: quiet()})).Close())
	db := rawly(t, filepath.Join(dir, "content.db"), "")
	for _, query := range []string{
		beforeLooks,
		"INSERT INTO user (id, login, login_key, role, created, changed) VALUES ('a', 'k.benali', 'k.benali', 'user', 1, 1), ('b', 'k.benalı', 'k.benalı', 'user', 2, 2), ('c', 'other', 'other', 'user', 3, 3)",
		"INSERT INTO mail_change (id, user, was, now, at) VALUES ('m', 'a', 'old@example.org', 'new@example.org', 1)",
	} {
		if _, err := db.Exec(query); err != nil {
			t.Fatal(err)
		}
	}
	check(t, db.Close())
	s := must[*Store](t)(Open(ctx, dir, Options{Now: newClock().now, Log: quiet()}))
	defer func() { check(t, s.Close()) }()
	all := must[[][]User](t)(s.Content.Alike(ctx))
	if len(all) != 1 || len(all[0]) != 2 || all[0][0].ID != "a" || all[0][1].ID != "b" {
		t.Errorf("%v look the same", all)
	}
	b := must[User](t)(s.Content.UserByLogin(ctx, "k.benalı"))
	b.Mail = "b@example.org"
	b = must[User](t)(s.Content.SaveUser(ctx, b, by)) // what was so before does not keep it from being saved
	if was := must[string](t)(s.Content.MailBefore(ctx, "a")); was != "old@example.org" {
		t.Errorf("%q is to be told", was)
	}
	b.Login = "benali.two"
	must[User](t)(s.Content.SaveUser(ctx, b, by))
	if all := must[[][]User](t)(s.Content.Alike(ctx)); len(all) != 0 {
		t.Errorf("%v look the same", all)
	}
}
