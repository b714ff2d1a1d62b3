package presentation

import (
	"encoding/json"
	"testing"
	"time"

	"selfhelp/app/access"
	"selfhelp/app/fault"
	"selfhelp/store"
)

// TestWishesAreTold asks a server for the passwords that were changed there, and tells it
// that they came to an end: then the accounts are to come again, whatever they are.
func TestWishesAreTold(t *testing.T) {
	o := newOffice(t)
	s := joined(t, t.TempDir(), o)
	u, err := s.store.Content.CreateUser(t.Context(), store.User{Login: "ada", Role: access.User, Active: true, Password: "old"}, "test")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.store.Content.MakeWish(t.Context(), "old", store.Wish{User: u.ID, Password: "new", At: time.Now()}); err != nil {
		t.Fatal(err)
	}
	if err := s.change(func(m *Membership) { m.Extract = "that of before" }); err != nil {
		t.Fatal(err)
	}
	told := func() (all []store.Wish) {
		b, err := s.asks(o, "GET", "wishes", nil, nil)
		if err == nil {
			err = json.Unmarshal(b, &all)
		}
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	waits := func() bool {
		t.Helper()
		b, err := s.asks(o, "GET", "state", nil, nil)
		var state State
		if err == nil {
			err = json.Unmarshal(b, &state)
		}
		if err != nil {
			t.Fatal(err)
		}
		return state.Wishes
	}
	if !waits() {
		t.Error("the state does not say that there is a wish")
	}
	all := told()
	if len(all) != 1 || all[0].User != u.ID || all[0].Password != "new" || all[0].Was[0] != "old" {
		t.Fatalf("%+v", all)
	}
	if _, err := s.asks(o, "POST", "wishes/done", nil, []byte(`{"user"`)); !fault.Is(err, fault.Invalid) {
		t.Errorf("what is no list was answered %v", err)
	}
	if len(told()) != 1 {
		t.Error("it was forgotten all the same")
	}
	ends := func(taken bool) (string, error) {
		done, err := json.Marshal([]store.WishDone{{User: u.ID, Last: all[0].Last, Taken: taken}})
		if err != nil {
			t.Fatal(err)
		}
		answer, err := s.asks(o, "POST", "wishes/done", nil, done)
		return string(answer), err
	}
	if answer, err := ends(true); err != nil || answer != `{"wish":1,"arrival":0}` || waits() {
		t.Fatalf("of one that was taken: %s, %v", answer, err)
	}
	if answer, err := s.asks(o, "POST", "again", nil, []byte(`{"wish":1}`)); err != nil || string(answer) != `{"wish":1,"arrival":0}` || waits() {
		t.Errorf("asked again after it: %s, %v", answer, err)
	}
	if answer, err := s.asks(o, "POST", "again", nil, []byte(`{}`)); err != nil || string(answer) != `{"wish":0,"arrival":0}` || !waits() {
		t.Errorf("asked again: %s, %v", answer, err)
	}
	if again := told(); len(again) != 1 || again[0].Password != "new" || again[0].Again.IsZero() {
		t.Errorf("given again: %+v", again)
	}
	if answer, err := ends(false); err != nil || answer != `{"wish":1,"arrival":0}` {
		t.Fatalf("of one that was refused: %s, %v", answer, err)
	}
	if answer, err := s.asks(o, "POST", "again", nil, []byte(`{}`)); err != nil || string(answer) != `{"wish":1,"arrival":0}` {
		t.Errorf("what was refused comes again: %s, %v", answer, err)
	}
	if waits() {
		t.Error("the state says that there is one still")
	}
	if left := told(); len(left) != 0 || s.membership().Extract != "" {
		t.Errorf("%+v is left, and the accounts are those of %q", left, s.membership().Extract)
	}
}
