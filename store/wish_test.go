package store

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"selfhelp/app/access"
	"selfhelp/app/fault"
	"selfhelp/app/procedure"
	"selfhelp/store/extract"
	"selfhelp/store/people"
)

// apart is an edition server and a presentation server with the accounts of it.
type apart struct {
	t             *testing.T
	edition, here *Store
	c             *clock
	ada           User
}

func newApart(t *testing.T) *apart {
	a := &apart{t: t}
	a.edition, a.c = open(t)
	a.here = must[*Store](t)(Open(t.Context(), anEmptyStore(t), Options{Now: a.c.now, Log: quiet()}))
	t.Cleanup(func() { check(t, a.here.Close()) })
	a.ada = a.add(User{Login: "ada", Role: access.User, Active: true, Password: "old"})
	a.bring()
	return a
}

func (a *apart) add(u User) User {
	a.t.Helper()
	return must[User](a.t)(a.edition.Content.CreateUser(a.t.Context(), u, "test"))
}

// bring gives the presentation server the accounts as they are.
func (a *apart) bring() {
	a.t.Helper()
	sent := must[[]byte](a.t)(a.edition.Content.Extract(a.t.Context()))
	must[int](a.t)(a.here.Content.Adopt(a.t.Context(), sent))
}

// wish has ada choose another password at the presentation server, and returns when.
func (a *apart) wish(was, hash string) time.Time {
	a.t.Helper()
	at := a.c.now()
	era := must[string](a.t)(a.here.Content.NextWish(a.t.Context(), a.ada.ID, was))
	check(a.t, a.here.Content.MakeWish(a.t.Context(), was, Wish{User: a.ada.ID, Password: hash, Era: era, At: at}))
	return at
}

// wishes are those that wait, as they travel.
func (a *apart) wishes() (all []Wish) {
	a.t.Helper()
	b := must[[]byte](a.t)(json.Marshal(must[[]Wish](a.t)(a.here.Content.Wishes(a.t.Context(), 100))))
	check(a.t, json.Unmarshal(b, &all))
	return all
}

// take gives the edition server a wish.
func (a *apart) take(w Wish, want people.WishEnd) {
	a.t.Helper()
	_, end, err := a.edition.Content.TakeWish(a.t.Context(), w, "lyon")
	if err != nil || end != want {
		a.t.Fatalf("the wish was %s (%v), want %s", end, err, want)
	}
}

func (a *apart) done(all ...Wish) {
	a.t.Helper()
	for _, w := range all {
		check(a.t, a.here.Content.EndWishes(a.t.Context(), []WishDone{{User: w.User, Last: w.Last}}))
	}
}

// holds checks the password of ada on both servers.
func (a *apart) holds(edition, here string) {
	a.t.Helper()
	for what, c := range map[string]struct {
		s    *Store
		want string
	}{"the edition server": {a.edition, edition}, "the presentation server": {a.here, here}} {
		if got := must[User](a.t)(c.s.Content.User(a.t.Context(), a.ada.ID)); got.Password != c.want {
			a.t.Errorf("%s has %s, want %s", what, got.Password, c.want)
		}
	}
}

// last is the last entry of the audit of the edition server.
func (a *apart) last() AuditEntry {
	a.t.Helper()
	return must[[]AuditEntry](a.t)(a.edition.Content.AuditEntries(a.t.Context(), 0, 1))[0]
}

// TestAWishHoldsHereAtOnce changes a password at a presentation server: accounts that come
// meanwhile do not undo it, and once it was taken and told of, they hold it. Taking it
// again changes nothing.
func TestAWishHoldsHereAtOnce(t *testing.T) {
	a := newApart(t)
	check(t, a.edition.Content.SetFirstPassword(t.Context(), a.ada.ID, "given", "test"))
	a.bring()
	a.c.pass(time.Minute)
	at := a.wish("given", "own")
	a.add(User{Login: "ben", Role: access.User, Active: true})
	a.c.pass(time.Minute)
	a.bring()
	a.holds("given", "own")
	u := must[User](t)(a.here.Content.User(t.Context(), a.ada.ID))
	if u.MustChange || !u.SessionsFrom.Equal(at) {
		t.Errorf("after accounts came: %+v", u)
	}
	all := a.wishes()
	if len(all) != 1 || all[0].User != a.ada.ID {
		t.Fatalf("%+v", all)
	}
	a.take(all[0], people.WishTaken)
	if e := a.last(); e.Actor != a.ada.ID || e.Action != "user.password" || !strings.Contains(string(e.Detail), `"lyon"`) {
		t.Errorf("the audit says %+v", e)
	}
	a.holds("own", "own")
	u = must[User](t)(a.edition.Content.User(t.Context(), a.ada.ID))
	if u.MustChange || !u.SessionsFrom.After(at) || u.Era != all[0].Era {
		t.Errorf("at the edition server: %+v", u)
	}
	seq := a.last().Seq
	a.bring() // what was taken is not told of yet
	a.take(all[0], people.WishKnown)
	a.done(all...)
	if left := a.wishes(); len(left) != 0 {
		t.Errorf("%+v is left", left)
	}
	a.bring()
	a.holds("own", "own")
	check(t, a.edition.Content.SetPassword(t.Context(), a.ada.ID, "later", a.ada.ID))
	a.take(all[0], people.WishKnown) // it comes once more
	a.bring()
	a.holds("later", "later")
	if got := a.last(); got.Seq != seq+1 {
		t.Errorf("the audit ends with %+v", got)
	}
}

// TestSeveralWishesAreOne changes a password several times while the edition server is
// away, and once more after it took the first and could not tell.
func TestSeveralWishesAreOne(t *testing.T) {
	a := newApart(t)
	a.wish("old", "one")
	first := a.wishes()
	a.wish("one", "two")
	a.wish("two", "three")
	a.bring()
	a.holds("old", "three")
	a.take(first[0], people.WishTaken)
	a.bring()
	a.holds("one", "three")
	all := a.wishes()
	if len(all) != 1 || len(all[0].Was) != 3 {
		t.Fatalf("%+v", all)
	}
	a.done(first...)
	a.take(all[0], people.WishTaken)
	a.wish("three", "four") // while the answer is on its way
	a.done(all...)
	a.holds("three", "four")
	a.bring()
	a.holds("three", "four")
	if all = a.wishes(); len(all) != 1 || len(all[0].Was) != 1 {
		t.Fatalf("%+v", all)
	}
	a.take(all[0], people.WishTaken)
	a.done(all...)
	a.bring()
	a.holds("four", "four")
	for i := range 10 {
		a.wish(must[User](t)(a.here.Content.User(t.Context(), a.ada.ID)).Password, strings.Repeat("x", i+1))
	}
	err := a.here.Content.MakeWish(t.Context(), strings.Repeat("x", 10), Wish{User: a.ada.ID, Password: "more", At: a.c.now()})
	refused(t, err, fault.Limited, "fault.password.often")
}

// TestSessionsOfAWish has the session go on in which somebody chose another password, and no
// other; where what they chose is not taken, it ends, too.
func TestSessionsOfAWish(t *testing.T) {
	a := newApart(t)
	at := func(s *Store) User { return must[User](t)(s.Content.User(t.Context(), a.ada.ID)) }
	goesOn := func(what, era string, edition, here bool) {
		t.Helper()
		// A clock that is wrong by an hour, either way, is not asked.
		for _, off := range []time.Duration{-time.Hour, time.Hour} {
			if at(a.edition).Counts(era, a.c.now().Add(off)) != edition || at(a.here).Counts(era, a.c.now().Add(off)) != here {
				t.Errorf("%s goes on, or does not", what)
			}
		}
	}
	check(t, a.edition.Content.EndSessions(t.Context(), a.ada.ID, "test"))
	a.bring()
	before := at(a.here).Era
	a.wish("old", "one")
	between := at(a.here).Era
	a.wish("one", "two")
	own := at(a.here).Era
	goesOn("the one of before", before, true, false)
	goesOn("the one between", between, true, false)
	goesOn("the one that asked", own, true, true)
	all := a.wishes()
	a.take(all[0], people.WishTaken)
	a.bring()
	a.done(all...)
	goesOn("the one of before", before, false, false)
	goesOn("the one that asked", own, true, true)
	a.wish("two", "three")
	a.wish("three", "four")
	refused := at(a.here).Era
	check(t, a.edition.Content.SetPassword(t.Context(), a.ada.ID, "given", "test"))
	all = a.wishes()
	a.take(all[0], people.WishReplaced)
	a.done(all...)
	a.bring()
	goesOn("the one that asked for what was refused", refused, false, false)
	goesOn("the one of the era", at(a.edition).Era, true, true)
	a.wish("given", "five")
	waits := at(a.here).Era
	check(t, a.edition.Content.EndSessions(t.Context(), a.ada.ID, "test"))
	a.bring()
	goesOn("one that asked while somebody signed its person out", waits, false, false)
}

// TestTheWishMadeLastIsTaken gives the edition server wishes of several servers that replace
// the same password, in any order: the one made last is taken, but none that was made after
// another one was.
func TestTheWishMadeLastIsTaken(t *testing.T) {
	a := newApart(t)
	wish := func(hash string, at time.Time, was ...string) Wish {
		return Wish{User: a.ada.ID, Was: was, Password: hash, Era: "1.0123456789abcdef", At: at}
	}
	first := a.c.now()
	second, third := first.Add(time.Second), first.Add(2*time.Second)
	a.c.pass(time.Minute)
	a.take(wish("of the first", first, "old"), people.WishTaken)
	a.take(wish("of the third", third, "old", "between"), people.WishTaken)
	a.take(wish("of the second", second, "old"), people.WishReplaced)
	a.take(wish("of the first", first, "old"), people.WishReplaced)
	a.take(wish("of the third", third, "old", "between"), people.WishKnown)
	a.take(wish("of nobody", third.Add(time.Second), "another"), people.WishReplaced)
	a.c.pass(time.Minute)
	a.take(wish("of who has what was given up", a.c.now(), "old"), people.WishReplaced)
	a.holds("of the third", "old")
	check(t, a.edition.Content.SetPassword(t.Context(), a.ada.ID, "given", "test"))
	a.take(wish("of the fourth", third.Add(time.Second), "old"), people.WishReplaced)
	a.holds("given", "old")
}

// TestAWishIsBeaten changes a password at both servers: that of the edition server stays,
// and holds at the other one when accounts come.
func TestAWishIsBeaten(t *testing.T) {
	a := newApart(t)
	a.wish("old", "mine")
	check(t, a.edition.Content.SetFirstPassword(t.Context(), a.ada.ID, "given", "test"))
	a.bring()
	a.holds("given", "given")
	all := a.wishes()
	a.take(all[0], people.WishReplaced)
	a.done(all...)
	a.bring()
	a.holds("given", "given")
	if u := must[User](t)(a.here.Content.User(t.Context(), a.ada.ID)); !u.MustChange {
		t.Error("the password that was given need not be changed")
	}
	refused(t, a.here.Content.MakeWish(t.Context(), "old", Wish{User: a.ada.ID, Password: "mine", At: a.c.now()}), fault.Invalid, "fault.form")
}

// TestWhoWishes asks for people who may do more than run procedures, at both ends: a
// presentation server does not offer it, and what one sends in spite of that is refused.
func TestWhoWishes(t *testing.T) {
	ctx := t.Context()
	a := newApart(t)
	chief := a.add(User{Login: "chief", Role: access.Administrator, Everywhere: true, Active: true, Password: "old"})
	writer := a.add(User{Login: "writer", Role: access.Writer, Active: true, Password: "old"})
	owner := a.add(User{Login: "owner", Role: access.User, Active: true, Password: "old"})
	granted := a.add(User{Login: "granted", Role: access.User, Active: true, Password: "old"})
	member := a.add(User{Login: "member", Role: access.User, Active: true, Password: "old"})
	away := a.add(User{Login: "away", Role: access.User, Active: true, Password: "old"})
	known := a.add(User{Login: "known", Role: access.User, Active: true})
	away.Active = false
	must[User](t)(a.edition.Content.SaveUser(ctx, away, "test"))
	g := must[Group](t)(a.edition.Content.CreateGroup(ctx, Group{Domain: "production", Name: "lyon", Title: procedure.T("Lyon", "Lyon")}, ""))
	check(t, a.edition.Content.SetMemberships(ctx, member.ID, nil, []string{g.ID}, ""))
	must[Project](t)(a.edition.Content.CreateProject(ctx, "production", aProject("own", 1), owner.ID))
	p := must[Project](t)(a.edition.Content.CreateProject(ctx, "production", aProject("it", 1), writer.ID))
	check(t, a.edition.Content.SetGrants(ctx, p.ID, []access.Grant{{Right: access.Modification, User: granted.ID}, {Right: access.Execution, Group: g.Name}}, ""))
	a.bring()
	for _, c := range []struct {
		who User
		end people.WishEnd
	}{{chief, people.WishOfMore}, {writer, people.WishOfMore}, {owner, people.WishOfMore}, {granted, people.WishOfMore}, {member, people.WishOfMore}, {away, people.WishSuspended}, {known, people.WishReplaced}} {
		if c.end == people.WishOfMore {
			if must[bool](t)(a.here.Content.MayWish(ctx, c.who.ID)) {
				t.Errorf("%s may", c.who.Login)
			}
			refused(t, a.here.Content.MakeWish(ctx, "old", Wish{User: c.who.ID, Password: "mine", At: a.c.now()}), fault.Forbidden, "fault.password.elsewhere")
		}
		a.take(Wish{User: c.who.ID, Was: []string{"old", ""}, Password: "forged", At: a.c.now()}, c.end)
		if e := a.last(); e.Action != "user.password.refused" || e.Object != "user:"+c.who.ID || !strings.Contains(string(e.Detail), "lyon") {
			t.Errorf("%s: the audit says %+v", c.who.Login, e)
		}
		if u := must[User](t)(a.edition.Content.User(ctx, c.who.ID)); u.Password == "forged" {
			t.Errorf("%s has another password", c.who.Login)
		}
	}
	a.take(Wish{User: "nobody"}, people.WishUnknown)
	if !must[bool](t)(a.here.Content.MayWish(ctx, a.ada.ID)) {
		t.Error("ada may not")
	}
}

// TestWishesStayOnTheirPlatform leaves a platform: what was not taken is told to no other.
func TestWishesStayOnTheirPlatform(t *testing.T) {
	a := newApart(t)
	a.wish("old", "mine")
	check(t, a.here.Content.Forget(t.Context()))
	if left := a.wishes(); len(left) != 0 {
		t.Errorf("%+v is left", left)
	}
}

// TestArrivalsStayOnTheirPlatform leaves a platform: who came and was not told of yet is
// told to no other, and keeps no account there.
func TestArrivalsStayOnTheirPlatform(t *testing.T) {
	a := newApart(t)
	check(t, a.here.Content.NoteArrival(t.Context(), a.ada.ID, "lyon", map[string]string{"login": "ada"}))
	check(t, a.here.Content.Forget(t.Context()))
	if left, err := a.here.Content.Arrivals(t.Context(), 10); err != nil || len(left) != 0 {
		t.Errorf("%+v is left, %v", left, err)
	}
}

// TestWhatWasTakenIsGivenAgain puts an edition server back to before it took what people chose
// at a presentation server: it is given that again, and what came in its place since stays.
// After six days it is kept no more.
func TestWhatWasTakenIsGivenAgain(t *testing.T) {
	a := newApart(t)
	ctx := t.Context()
	content := a.here.Content
	a.wish("old", "one")
	check(t, content.NoteArrival(ctx, a.ada.ID, "lyon", map[string]string{"login": "ada"}))
	first := a.wishes()[0]
	a.take(first, people.WishTaken)
	a.bring()
	end := func(w Wish) {
		t.Helper()
		check(t, content.EndWishes(ctx, []WishDone{{User: w.User, Last: w.Last, Taken: true}}))
	}
	end(first)
	check(t, content.ArrivalsDone(ctx, 1))
	if waits := must[extract.Awaits](t)(content.Awaits(ctx)); waits != (extract.Awaits{}) {
		t.Errorf("%+v", waits)
	}
	at := must[extract.Taken](t)(content.Taken(ctx))
	a.wish("one", "two")
	if got := must[extract.Taken](t)(content.Taken(ctx)); got != at || at != (extract.Taken{Wish: 1, Arrival: 1}) {
		t.Errorf("taken are %+v and %+v", at, got)
	}
	a.take(a.wishes()[0], people.WishTaken)
	end(a.wishes()[0])

	check(t, a.edition.Content.Set(ctx, "put back", `UPDATE user SET password = 'old', era = '' WHERE id = ?`, a.ada.ID))
	check(t, a.edition.Content.Set(ctx, "put back", `DELETE FROM wish_taken`))
	if got := must[extract.Taken](t)(content.Again(ctx, extract.Taken{})); got != (extract.Taken{}) {
		t.Errorf("given again from %+v", got)
	}
	a.bring() // before it was collected
	a.holds("old", "two")
	again := a.wishes()
	if len(again) != 1 || len(again[0].Was) != 2 || again[0].Again.IsZero() || len(must[[]extract.Arrival](t)(content.Arrivals(ctx, 10))) != 1 {
		t.Fatalf("%+v", again)
	}
	a.take(again[0], people.WishTaken)
	end(again[0])
	check(t, content.ArrivalsDone(ctx, 1))
	a.bring()
	a.holds("two", "two")
	check(t, a.edition.Content.SetPassword(ctx, a.ada.ID, "given", "test"))
	must[extract.Taken](t)(content.Again(ctx, extract.Taken{}))
	again = a.wishes()
	a.bring()
	a.take(again[0], people.WishKnown)
	a.holds("given", "given")
	end(again[0])
	a.c.pass(145 * time.Hour)
	a.bring()
	must[extract.Taken](t)(content.Again(ctx, extract.Taken{}))
	if waits := must[extract.Awaits](t)(content.Awaits(ctx)); len(a.wishes()) != 0 || waits.Wishes {
		t.Errorf("after a week %+v waits, %+v", waits, a.wishes())
	}
}
