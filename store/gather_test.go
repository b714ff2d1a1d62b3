package store

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"selfhelp/app/procedure"
	"selfhelp/store/db"
	"selfhelp/store/journal"
)

// platform is an edition server, servers whose journals it gathers, and a server
// that sees everything itself.
type platform struct {
	t       *testing.T
	r       *rand.Rand
	c       *clock
	edition *Store
	alone   *Store
	dirs    []string
	servers []*Store
	going   []*walk
	old     []Batch // of server 0
}

// walk is somebody's way through a procedure: where they are by the number that
// the last server gave, and by that of the server that sees everything.
type walk struct {
	Execution
	pages []page // all that were shown
}

type page struct {
	theirs, alone int64
	at            time.Time
	server        int
}

func newPlatform(t *testing.T, seed uint64, servers int) *platform {
	p := &platform{t: t, r: rand.New(rand.NewPCG(seed, 1)), c: newClock()}
	p.edition = must[*Store](t)(Open(t.Context(), anEmptyStore(t), Options{Now: p.c.now, Log: quiet()}))
	p.alone = must[*Store](t)(Open(t.Context(), anEmptyStore(t), Options{Now: p.c.now, Log: quiet()}))
	for range servers {
		dir := anEmptyStore(t)
		p.dirs, p.servers = append(p.dirs, dir), append(p.servers, openJournal(t, dir, p.c))
	}
	return p
}

func (p *platform) close() {
	for _, s := range append(p.servers, p.edition, p.alone) {
		check(p.t, s.Close())
	}
}

// one is true once in so many times.
func (p *platform) one(in int) bool { return p.r.IntN(in) == 0 }

// adopt makes an execution known to a server from the page that somebody brings.
func (p *platform) adopt(at int, w *walk, from page) {
	check(p.t, p.servers[at].Activity.Write(context.Background(), "adopt", func(t *db.Tx) error {
		beside(t).outdated = true
		_, err := t.Exec(`INSERT INTO execution (id, project, procedure, alias, version, user, owner, test, started, touched, turns, step) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'x') ON CONFLICT (id) DO UPDATE SET turns = max(turns, excluded.turns)`,
			w.ID, w.Project, w.Procedure, w.Alias, w.Version, w.User, w.Owner, w.Test, db.Instant(w.Started), db.Instant(from.at), from.theirs)
		return err
	}))
}

func (p *platform) start() {
	at := p.r.IntN(len(p.servers))
	w := &walk{Execution: Execution{
		ID: NewID(), Project: fmt.Sprint("p", p.r.IntN(2)), Procedure: fmt.Sprint("u", p.r.IntN(2)), Alias: "a", Version: "1.0",
		User: []string{"", "ada", "bo"}[p.r.IntN(3)], Test: p.one(8), Started: p.c.now(),
	}}
	first := Turn{Step: "s1", At: w.Started, State: []byte("first")}
	for _, s := range []*Store{p.servers[at], p.alone} {
		check(p.t, s.Activity.StartExecution(context.Background(), w.Execution, first))
	}
	w.pages = []page{{1, 1, w.Started, at}}
	p.going = append(p.going, w)
}

// answer answers a page, mostly the last, mostly where it was shown.
func (p *platform) answer(w *walk) {
	from := w.pages[len(w.pages)-1]
	if p.one(6) {
		from = w.pages[p.r.IntN(len(w.pages))]
	}
	at := from.server
	if p.one(3) {
		at = p.r.IntN(len(p.servers))
	}
	u := answered(w.ID, from.theirs, NewID(), fmt.Sprint("s", p.r.IntN(9)), p.c.now())
	switch p.r.IntN(6) {
	case 0:
		u.Ended, u.Outcome = true, []procedure.Outcome{procedure.Solved, procedure.Unsolved}[p.r.IntN(2)]
	case 1:
		u.Failed = true
	}
	if p.one(4) {
		u.Within = "sub"
	}
	p.send(w, u, from, at)
	if p.one(5) { // the reply was lost: the same again, elsewhere
		p.send(w, u, from, p.r.IntN(len(p.servers)))
	}
}

func (p *platform) send(w *walk, u Turn, from page, at int) {
	ctx := context.Background()
	p.adopt(at, w, from)
	kept, _, err := p.servers[at].Activity.AppendTurn(ctx, u)
	check(p.t, err)
	u.Parent = from.alone
	alone, _, err := p.alone.Activity.AppendTurn(ctx, u)
	check(p.t, err)
	w.pages = append(w.pages, page{kept.Seq, alone.Seq, u.At, at})
}

// say leaves something beside the answers.
func (p *platform) say(w *walk) {
	ctx := context.Background()
	at := w.pages[len(w.pages)-1].server
	for _, s := range []*Store{p.servers[at], p.alone} {
		must[int64](p.t)(s.Activity.AddPostit(ctx, Postit{Execution: w.ID, Step: "s", Text: fmt.Sprint("note ", len(w.pages)), At: w.Started}))
		check(p.t, s.Activity.SetFeedback(ctx, Feedback{Execution: w.ID, Step: "s", Scale: "stars", Score: len(w.pages) % 5, At: w.pages[len(w.pages)-1].at}))
		id := must[int64](p.t)(s.Activity.AddSearch(ctx, Search{At: w.Started, Project: "p", Query: fmt.Sprint("q", len(w.pages)), Hits: 1}))
		check(p.t, s.Activity.ClickSearch(ctx, id, w.ID))
	}
}

// abandon lets time go by on all of them.
func (p *platform) abandon() {
	p.c.pass(48 * time.Hour)
	since := p.c.now().Add(-24 * time.Hour)
	for _, s := range append([]*Store{p.alone}, p.servers...) {
		must[int](p.t)(s.Activity.AbandonExecutions(context.Background(), since, 1000))
	}
}

// gather brings a batch, and lets things go wrong on the way.
func (p *platform) gather(k int) {
	ctx, s, name := context.Background(), p.servers[k], fmt.Sprint("server-", k)
	at, _, err := p.edition.Activity.GatheredTo(ctx, name)
	check(p.t, err)
	b := travelled(p.t, must[Batch](p.t)(s.Gathered(ctx, at, 200+p.r.IntN(3000))))
	if p.one(5) {
		return // it was lost
	}
	err = p.edition.Activity.Gather(ctx, name, b)
	if want := (*journal.OutOfOrder)(nil); errors.As(err, &want) {
		return // a journal that was begun anew; the next one asks from its beginning
	}
	check(p.t, err)
	if k == 0 {
		p.old = append(p.old, b)
	}
	if p.one(5) {
		return // the acknowledgement was lost
	}
	check(p.t, s.Activity.Acknowledge(ctx, b.To))
}

// disturb is what happens to servers.
func (p *platform) disturb() {
	ctx := context.Background()
	switch k := p.r.IntN(len(p.servers)); p.r.IntN(5) {
	case 0: // it stops and comes back
		check(p.t, p.servers[k].Close())
		p.servers[k] = openJournal(p.t, p.dirs[k], p.c)
	case 1:
		check(p.t, p.servers[k].Activity.Write(ctx, "renew", journal.Renew))
	case 2:
		if p.one(3) {
			forget(p.t, p.edition)
			p.old = nil
		}
	default:
		p.replay(ctx)
	}
}

// replay brings an old batch again, which is refused and changes nothing.
func (p *platform) replay(ctx context.Context) {
	if len(p.old) == 0 {
		return
	}
	b := p.old[p.r.IntN(len(p.old))]
	if b.To.N == b.From.N && b.To.Audit == b.From.Audit {
		return // it brings nothing
	}
	before := p.state(p.edition)
	err := p.edition.Activity.Gather(ctx, "server-0", b)
	if want := (*journal.OutOfOrder)(nil); !errors.As(err, &want) {
		p.t.Fatalf("a batch that came already: %v", err)
	}
	if after := p.state(p.edition); after != before {
		p.t.Fatalf("a replay changed\n%s\nto\n%s", before, after)
	}
}

// state is what must be the same at the edition server and at one that saw it all.
func (p *platform) state(s *Store) string {
	return counters(p.t, s) +
		all(p.t, s, `SELECT 'execution ' || e.id || ' ' || e.project || ' ' || e.user || ' ' || e.test || ' ' || e.started || ' ' || e.touched || ' ' || e.ended || ' ' || e.outcome || ' ' || e.failed || ' ' || e.step || ' ' || e.within || ' ' || (SELECT count(*) FROM turn WHERE execution = e.n) FROM execution e ORDER BY e.id`) +
		all(p.t, s, `SELECT 'turn ' || e.id || ' ' || t.input || ' ' || t.step || ' ' || t.at || ' ' || length(t.state) FROM turn t JOIN execution e ON e.n = t.execution ORDER BY e.id, t.at, t.input`) +
		all(p.t, s, `SELECT 'postit ' || e.id || ' ' || p.text FROM postit p JOIN execution e ON e.n = p.execution ORDER BY e.id, p.text`) +
		all(p.t, s, `SELECT 'feedback ' || e.id || ' ' || f.score || ' ' || f.at FROM feedback f JOIN execution e ON e.n = f.execution ORDER BY e.id`) +
		all(p.t, s, `SELECT 'search ' || query || ' ' || clicked FROM search ORDER BY at, query, clicked`) +
		all(p.t, s, `SELECT 'recent ' || user || ' ' || project || ' ' || procedure || ' ' || at FROM recent ORDER BY 1`)
}

func (p *platform) step() {
	var w *walk
	if len(p.going) > 0 {
		w = p.going[p.r.IntN(len(p.going))]
	}
	switch n := p.r.IntN(20); {
	case w == nil || n < 3:
		p.start()
	case n < 11:
		p.answer(w)
	case n < 12:
		p.say(w)
	case n < 17:
		p.gather(p.r.IntN(len(p.servers)))
	case n < 19:
		p.disturb()
	case p.one(3):
		p.abandon()
	}
}

// TestGatheredIsAsSeenByOne lets people walk over several servers, one of which
// takes over from another, while batches are lost, brought twice and out of
// order, and servers stop or forget. In the end the edition server has what one
// server would have that saw everything itself.
func TestGatheredIsAsSeenByOne(t *testing.T) {
	seeds := uint64(8)
	if thorough() {
		seeds = 40
	}
	for seed := range seeds {
		t.Run(fmt.Sprint("seed=", seed), func(t *testing.T) {
			p := newPlatform(t, seed, 1+int(seed)%3)
			defer p.close()
			for range 150 {
				p.step()
			}
			for _, k := range p.r.Perm(len(p.servers)) {
				bring(t, p.edition, p.servers[k], fmt.Sprint("server-", k), 2000)
			}
			got, want := p.state(p.edition), p.state(p.alone)
			if got != want {
				t.Error(difference(got, want))
			}
			forget(t, p.edition)
			for k := range p.servers {
				bring(t, p.edition, p.servers[k], fmt.Sprint("server-", k), 1<<20)
			}
			if again := p.state(p.edition); again != got {
				t.Errorf("brought again:\n%s", difference(again, got))
			}
			nothingStray(t, p.edition)
		})
	}
}

// nothingStray looks for rows that no execution holds together.
func nothingStray(t *testing.T, s *Store) {
	t.Helper()
	for name, query := range map[string]string{
		"executions with fewer numbers than turns": "SELECT count(*) FROM execution e WHERE turns < (SELECT count(*) FROM turn WHERE execution = e.n)",
		"turns that answer a later page":           "SELECT count(*) FROM turn WHERE parent >= seq AND execution NOT IN (SELECT execution FROM gathered_turn)",
		"parts of no turn":                         "SELECT count(*) FROM gathered_turn g WHERE NOT EXISTS (SELECT 1 FROM turn t WHERE t.execution = g.execution AND t.seq = g.seq)",
	} {
		if n := must[int64](t)(db.One(t.Context(), s.Activity.DB, db.ScanNumber, query)); n != 0 {
			t.Errorf("%d %s", n, name)
		}
	}
	if wrong := must[[]string](t)(s.Activity.Whole(t.Context())); len(wrong) > 0 {
		t.Error(wrong)
	}
}

// difference lists the lines that only one of two texts has.
func difference(got, want string) string {
	count := map[string]int{}
	for line := range strings.Lines(got) {
		count[line]++
	}
	for line := range strings.Lines(want) {
		count[line]--
	}
	var out strings.Builder
	for line, n := range count {
		if n > 0 {
			out.WriteString("only there:  " + line)
		}
		if n < 0 {
			out.WriteString("only wanted: " + line)
		}
	}
	return out.String()
}
