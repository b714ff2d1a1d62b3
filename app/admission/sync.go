package admission

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"selfhelp/app/fault"
	"selfhelp/app/login"
	"selfhelp/store"
	"selfhelp/store/people"
)

// Plan is what a synchronisation would change, or did.
type Plan struct {
	Method    string    `json:"method"`
	At        time.Time `json:"at"`
	Listed    int       `json:"listed"`    // people the directory has
	Created   int       `json:"created"`   // accounts
	Changed   int       `json:"changed"`   // accounts, or the groups they are in
	Suspended int       `json:"suspended"` // accounts of those whom it no longer has
	Gone      int       `json:"gone"`      // accounts of those, signed out where the method does not suspend
	Refused   int       `json:"refused"`   // people who have no account, and why stands in their line
	Lines     []Line    `json:"lines,omitempty"`
	Failed    string    `json:"failed,omitempty"` // key of a sentence: it ended early
}

// Act is what a line of a plan is about.
type Act string

// The acts.
const (
	Create  Act = "create"
	Change  Act = "change"
	Suspend Act = "suspend"
	Gone    Act = "gone"
	Refuse  Act = "refuse"
)

// Line is one person in a plan.
type Line struct {
	Act     Act      `json:"act"`
	User    string   `json:"user,omitempty"` // id
	Login   string   `json:"login"`
	Name    string   `json:"name,omitempty"`
	Fields  []Differ `json:"fields,omitempty"`
	Entered []string `json:"entered,omitempty"` // groups, by id
	Left    []string `json:"left,omitempty"`
	Why     string   `json:"why,omitempty"` // key of a sentence
}

// Differ is a field that is otherwise.
type Differ struct {
	Field string `json:"field"`
	Was   string `json:"was"`
	Now   string `json:"now"`
}

// maxLines is how many lines of a plan are kept; the counts count all.
const maxLines = 1000

// mostGone is the part of the known people that may be missing at once: more is
// a wrong filter, or a directory that lost them.
const mostGone = 5 // one in so many

// batch is how many people are kept in one transaction: others write between.
const batch = 100

// Synchronise asks a directory for everybody and brings accounts up to date. With
// dry nothing is changed, and the plan says what would be. An error says why it
// could not be done to its end; the plan holds what was done until then.
func (d *Desk) Synchronise(ctx context.Context, m Method, dry bool, trace *login.Trace) (Plan, error) {
	p := Plan{Method: m.ID, At: d.now()}
	listed := map[string]bool{}
	var waiting []people.Arrival
	flush := func() error {
		done, err := d.keep(ctx, waiting, dry)
		for i := range done {
			p.add(waiting[i], done[i])
		}
		waiting = waiting[:0]
		return err
	}
	err := m.LDAP.Everybody(ctx, trace, func(who login.Identity) error {
		if listed[who.Subject] {
			return nil
		}
		listed[who.Subject] = true
		p.Listed++
		if waiting = append(waiting, m.arrival(who)); len(waiting) < batch {
			return nil
		}
		return flush()
	})
	if err == nil {
		err = flush()
	}
	if err == nil {
		err = d.partWithMissing(ctx, m, listed, dry, &p)
	}
	if err != nil {
		p.Failed, _ = fault.TextOf(err)
	}
	if !dry {
		d.keepPlan(ctx, m, p)
	}
	return p, err
}

func (d *Desk) keep(ctx context.Context, all []people.Arrival, dry bool) ([]people.Arrived, error) {
	if len(all) == 0 {
		return nil, nil
	}
	if dry {
		return d.content.Rehearse(ctx, all)
	}
	return d.content.Arrive(ctx, all, Actor)
}

// LineOf is what is otherwise for somebody who has an account.
func LineOf(done people.Arrived) Line {
	l := Line{User: done.User.ID, Login: done.User.Login, Name: done.User.Name(), Entered: done.Entered, Left: done.Left}
	if done.Was.ID != "" {
		l.Act, l.Fields = Change, differences(done.Was, done.User)
	} else {
		l.Act, l.User = Create, ""
	}
	return l
}

// add counts what became of somebody.
func (p *Plan) add(a people.Arrival, done people.Arrived) {
	line := LineOf(done)
	switch {
	case done.Err != nil:
		p.Refused++
		line = Line{Act: Refuse, Login: a.Account(store.User{}).Login}
		line.Why, _ = fault.TextOf(done.Err)
		for _, key := range fault.FieldsOf(done.Err) {
			line.Why = key
		}
	case done.Was.ID == "":
		p.Created++
	case done.Changed():
		p.Changed++
	default:
		return
	}
	p.line(line)
}

func (p *Plan) line(l Line) {
	if len(p.Lines) < maxLines {
		p.Lines = append(p.Lines, l)
	}
}

// differences lists what is otherwise in an account.
func differences(was, now store.User) (list []Differ) {
	for _, f := range []Differ{
		{"login", was.Login, now.Login}, {"title", was.Title, now.Title}, {"first_name", was.FirstName, now.FirstName},
		{"last_name", was.LastName, now.LastName}, {"mail", was.Mail, now.Mail}, {"language", was.Language, now.Language},
		{"role", string(was.Role), string(now.Role)},
	} {
		if f.Was != f.Now {
			list = append(list, f)
		}
	}
	names := slices.Collect(maps.Keys(was.Attributes))
	names = slices.AppendSeq(names, maps.Keys(now.Attributes))
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		if was.Attributes[name] != now.Attributes[name] {
			list = append(list, Differ{name, was.Attributes[name], now.Attributes[name]})
		}
	}
	return list
}

// partWithMissing suspends the accounts of people whom the directory no longer
// has, or signs them out. Too many at once are a mistake, and nothing happens to
// them.
func (d *Desk) partWithMissing(ctx context.Context, m Method, listed map[string]bool, dry bool, p *Plan) error {
	known, err := d.content.IdentitiesAt(ctx, m.ID)
	if err != nil {
		return err
	}
	missing := slices.DeleteFunc(slices.Clone(known), func(i people.Identity) bool { return listed[i.Subject] })
	if len(missing) > 10 && len(missing)*mostGone > len(known) {
		return fault.New(fault.Conflict, "fault.sync.too_many", fmt.Sprint(len(missing)), fmt.Sprint(len(known)))
	}
	var gone []store.User
	for _, i := range missing {
		if u, err := d.content.User(ctx, i.User); err == nil && u.Active { // else gone meanwhile, or suspended already
			gone = append(gone, u)
		}
	}
	if m.Sync.Suspend {
		return d.suspend(ctx, gone, dry, p)
	}
	return d.signOut(ctx, m, gone, dry, p)
}

// suspend suspends accounts, but for the last that administers.
func (d *Desk) suspend(ctx context.Context, gone []store.User, dry bool, p *Plan) error {
	for _, u := range gone {
		var err error
		if !dry {
			_, err = d.content.SetActive(ctx, []string{u.ID}, false, Actor)
		}
		if fault.Is(err, fault.Conflict) {
			p.Refused++
			p.line(Line{Act: Refuse, User: u.ID, Login: u.Login, Name: u.Name(), Why: "fault.user.last_administrator"})
			continue
		}
		if err != nil {
			return err
		}
		p.Suspended++
		p.line(Line{Act: Suspend, User: u.ID, Login: u.Login, Name: u.Name()})
	}
	return nil
}

// signOut ends what people have by a method that no longer has them: the sessions
// they began by it, and the groups it told. What they have by another way stays.
func (d *Desk) signOut(ctx context.Context, m Method, gone []store.User, dry bool, p *Plan) error {
	ids := make([]string, len(gone))
	for i, u := range gone {
		ids[i] = u.ID
		p.Gone++
		p.line(Line{Act: Gone, User: u.ID, Login: u.Login, Name: u.Name()})
	}
	if dry || len(ids) == 0 {
		return nil
	}
	if err := d.content.Depart(ctx, m.ID, ids, Actor); err != nil {
		return err
	}
	_, err := d.activity.StopSessionsGone(ctx, m.ID, ids)
	return err
}

// keepPlan keeps what a synchronisation did.
func (d *Desk) keepPlan(ctx context.Context, m Method, p Plan) {
	err := d.activity.KeepSync(ctx, m.ID, p)
	if err == nil && p.Created+p.Changed+p.Suspended > 0 {
		err = d.content.Audit(ctx, Actor, "directory.sync", "method:"+m.ID, map[string]int{"created": p.Created, "changed": p.Changed, "suspended": p.Suspended})
	}
	if err != nil {
		d.log.ErrorContext(ctx, "what a synchronisation did could not be kept", "method", m.ID, "err", err)
	}
}

// LastSync returns what the last synchronisation of a method did; the zero Plan
// when there was none.
func (d *Desk) LastSync(ctx context.Context, method string) (p Plan, err error) {
	if err = d.activity.LastSync(ctx, method, &p); fault.Is(err, fault.NotFound) {
		err = nil
	}
	return p, err
}

// syncDue synchronises the directories whose time has come.
func (d *Desk) syncDue(ctx context.Context) {
	s, _, err := d.Settings(ctx)
	if err != nil {
		return // probe said so
	}
	for _, m := range s.On(LDAP) {
		last, err := d.LastSync(ctx, m.ID)
		if err != nil || m.Sync.Minutes == 0 || d.IsAway(m.ID) || d.now().Sub(last.At) < time.Duration(m.Sync.Minutes)*time.Minute {
			continue
		}
		p, err := d.Synchronise(ctx, m, false, nil)
		if err != nil && ctx.Err() == nil {
			d.log.WarnContext(ctx, "a directory could not be synchronised", "method", m.ID, "err", err)
		}
		if d.changed != nil && p.Created+p.Changed+p.Suspended+p.Gone > 0 {
			d.changed()
		}
	}
}
