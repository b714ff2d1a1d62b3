package web_test

import (
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"selfhelp/app/post"
	"selfhelp/store"
	"selfhelp/store/people"
)

// moved tells of changes of addresses, and returns the letter that goes out.
func (m *mailing) moved(t *testing.T) (to, subject, plain string) {
	t.Helper()
	m.tellMoved(t)
	got := m.peer.Next(t)
	subject, plain, _ = texts(t, got.Raw)
	return strings.Join(got.To, " "), subject, plain
}

// tellMoved tells of them when they are settled.
func (m *mailing) tellMoved(t *testing.T) {
	t.Helper()
	m.tellMovedAfter(t, 6*time.Minute)
}

// tellMovedAfter tells of them some time later, after a restart.
func (m *mailing) tellMovedAfter(t *testing.T, later time.Duration) {
	t.Helper()
	p := post.New(m.Store, m.Origin, func() time.Time { return m.Now().Add(later) }, slog.New(slog.DiscardHandler))
	if err := p.TellMoved(t.Context()); err != nil {
		t.Fatal(err)
	}
	m.send(t)
}

// with returns the account as it is kept, with another address.
func (m *mailing) with(t *testing.T, id, address string) store.User {
	t.Helper()
	u, err := m.Content.User(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	u.Mail = address
	return u
}

// TestTheAddressBeforeIsTold when an account gets another: once, in the language
// of its owner, without the whole of the new one.
func TestTheAddressBeforeIsTold(t *testing.T) {
	m := newMailing(t)
	zoe := m.person(t, "zoe", "zoe@example.org")
	m.tellMoved(t) // it had none
	m.peer.None(t)

	save := func(address string) {
		t.Helper()
		if _, err := m.Content.SaveUser(t.Context(), m.with(t, zoe.ID, address), "test"); err != nil {
			t.Fatal(err)
		}
	}
	save("elsewhere@example.net")
	to, subject, plain := m.moved(t)
	if to != "zoe@example.org" || subject != "L’adresse de votre compte a été changée" || !strings.Contains(plain, "«\u202fzoe\u202f»") || !strings.Contains(plain, "e…@example.net") || strings.Contains(plain, "elsewhere") {
		t.Errorf("to %s: %s\n%s", to, subject, plain)
	}
	m.tellMoved(t)
	save("Elsewhere@Example.net") // the same mailbox
	m.tellMoved(t)
	m.peer.None(t)
	save("")
	if to, _, plain := m.moved(t); to != "Elsewhere@Example.net" || !strings.Contains(plain, "retirée") {
		t.Errorf("to %s: %s", to, plain)
	}
	save("one@example.org")
	save("two@example.org")
	save("three@example.org")
	if to, _, plain := m.moved(t); to != "one@example.org" || !strings.Contains(plain, "t…@example.org") {
		t.Errorf("to %s: %s", to, plain)
	}
	m.peer.None(t)
}

// TestAnAddressThatFlaps is one letter, to the address before the first change; none
// when it is the same again; and what goes on is told all the same.
func TestAnAddressThatFlaps(t *testing.T) {
	m := newMailing(t)
	zoe := m.person(t, "zoe", "zoe@example.org")
	save := func(addresses ...string) {
		t.Helper()
		for _, address := range addresses {
			if _, err := m.Content.SaveUser(t.Context(), m.with(t, zoe.ID, address), "test"); err != nil {
				t.Fatal(err)
			}
		}
	}
	save("a@example.org", "b@example.org", "", "c@example.org", "final@example.net")
	m.tellMovedAfter(t, 0)
	m.tellMovedAfter(t, time.Minute)
	m.peer.None(t) // not settled
	if to, _, plain := m.moved(t); to != "zoe@example.org" || !strings.Contains(plain, "f…@example.net") {
		t.Errorf("to %s: %s", to, plain)
	}
	m.tellMoved(t)
	m.peer.None(t)
	save("d@example.org", "Final@example.net")
	m.tellMoved(t)
	m.peer.None(t) // where it was
	if left, err := m.Content.MailChanges(t.Context(), time.Now().Add(time.Hour), time.Time{}, 100); err != nil || len(left) > 0 {
		t.Errorf("left: %v, %v", left, err)
	}
	// One that was changed again just now, and first long ago.
	save("e@example.org")
	if due, err := m.Content.MailChanges(t.Context(), time.Now().Add(-time.Hour), time.Now().Add(time.Minute), 100); err != nil || len(due) != 1 || due[0].Was != "Final@example.net" {
		t.Errorf("due: %+v, %v", due, err)
	}
}

// TestATakenAccountTellsItsOwner whose address was changed, and back, around a new
// password: the letter about that goes to both.
func TestATakenAccountTellsItsOwner(t *testing.T) {
	m := newMailing(t)
	zoe := m.person(t, "zoe", "zoe@example.org")
	thief, err := m.Content.SaveUser(t.Context(), m.with(t, zoe.ID, "thief@example.net"), "test")
	if err == nil {
		err = m.Post.TellChanged(t.Context(), thief, "fr")
	}
	if err == nil {
		_, err = m.Content.SaveUser(t.Context(), m.with(t, zoe.ID, "zoe@example.org"), "test")
	}
	if err != nil {
		t.Fatal(err)
	}
	m.send(t)
	told := append(m.peer.Next(t).To, m.peer.Next(t).To...)
	if slices.Sort(told); !slices.Equal(told, []string{"thief@example.net", "zoe@example.org"}) {
		t.Errorf("told: %v", told)
	}
	m.tellMoved(t)
	m.peer.None(t)
}

// TestADirectoryMovesAddresses: what it would do is no news, and only those are
// told whose account a password kept here opens.
func TestADirectoryMovesAddresses(t *testing.T) {
	m := newMailing(t)
	var all []people.Arrival
	arrival := func(u store.User, address string) people.Arrival {
		return people.Arrival{Method: "directory", Subject: u.Login, Take: people.TakeAny, Create: true, Account: func(was store.User) store.User {
			if was.ID == "" {
				was = u
			}
			was.Mail = address
			return was
		}}
	}
	for i := range 20 {
		u := store.User{Login: fmt.Sprintf("person-%d", i), Role: "user", Active: true}
		if _, err := m.Content.Arrive(t.Context(), []people.Arrival{arrival(u, u.Login+"@old.example")}, "test"); err != nil {
			t.Fatal(err)
		}
		all = append(all, arrival(u, u.Login+"@new.example"))
	}
	own := m.person(t, "zoe", "zoe@old.example")
	all = append(all, arrival(own, "zoe@new.example"))
	if _, err := m.Content.Rehearse(t.Context(), all); err != nil {
		t.Fatal(err)
	}
	m.tellMoved(t)
	m.peer.None(t)
	if _, err := m.Content.Arrive(t.Context(), all, "test"); err != nil {
		t.Fatal(err)
	}
	if to, _, plain := m.moved(t); to != "zoe@old.example" || !strings.Contains(plain, "z…@new.example") {
		t.Errorf("to %s: %s", to, plain)
	}
	m.peer.None(t)
	if left, err := m.Content.MailChanges(t.Context(), time.Now().Add(time.Hour), time.Time{}, 100); err != nil || len(left) > 0 {
		t.Errorf("left: %v, %v", left, err)
	}
}
