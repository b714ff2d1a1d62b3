package admin_test

import (
	"net/url"
	"strconv"
	"testing"
	"time"

	"selfhelp/app/access"
	"selfhelp/app/web/webtest"
	"selfhelp/store"
)

// did is how many executions lead to somebody.
func (s staff) did(t *testing.T, user string) int {
	t.Helper()
	all, err := s.Activity.ExecutionsOf(t.Context(), user, []string{user}, 10)
	if err != nil {
		t.Fatal(err)
	}
	return len(all)
}

// TestWhatPeopleDidIsErased erases on request, with the account and without, and
// only for suspended accounts whose login was typed.
func TestWhatPeopleDidIsErased(t *testing.T) {
	s := withStaff(t)
	for i, with := range []string{"/erase", "/delete"} {
		u := webtest.AddUser(t, s.Site, "gone"+strconv.Itoa(i), access.User, "production")
		e := store.Execution{ID: "e" + strconv.Itoa(i), Project: "p", Procedure: "q", User: u.ID, Started: time.Now()}
		if err := s.Activity.StartExecution(t.Context(), e, store.Turn{Step: "s", At: e.Started, State: []byte("sealed")}); err != nil {
			t.Fatal(err)
		}
		path := "/admin/users/" + u.ID
		agree := url.Values{"version": {"1"}, "confirm": {u.Login}, "erase_confirm": {u.Login}, "erase": {"yes"}}
		if got := s.post("local", path+with, agree).StatusCode; got != 409 || s.did(t, u.ID) != 1 {
			t.Errorf("%s while active: %d", with, got)
		}
		s.post("local", path+"/state", url.Values{"version": {"1"}})
		if got := s.post("local", path+with, url.Values{"version": {"2"}, "erase": {"yes"}}).StatusCode; got != 422 || s.did(t, u.ID) != 1 {
			t.Errorf("%s unconfirmed: %d", with, got)
		}
		s.post("local", path+with, agree) // with the version of before
		if deletes := with == "/delete"; deletes == (s.did(t, u.ID) == 0) {
			t.Errorf("%s with another version: %d executions lead to them", with, s.did(t, u.ID))
		}
		agree.Set("version", "2")
		if got := s.post("local", path+with, agree).StatusCode; got != 303 || s.did(t, u.ID) != 0 {
			t.Errorf("%s: %d, %d executions", with, got, s.did(t, u.ID))
		}
		if _, err := s.Content.User(t.Context(), u.ID); (err == nil) != (with == "/erase") {
			t.Errorf("%s: %v", with, err)
		}
		if _, err := s.Activity.Execution(t.Context(), e.ID); err != nil {
			t.Errorf("%s: that it took place is gone: %v", with, err)
		}
	}
}
