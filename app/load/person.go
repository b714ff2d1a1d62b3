package load

import (
	"context"
	"math/rand/v2"
	"net/http"
	"net/http/cookiejar"
	"net/netip"
	"slices"
	"time"
)

// The bounds of one journey.
const (
	mostPages  = 60 // of a journey, its start included
	mostTries  = 3  // of one page that refuses what it is given
	mostLooked = 20 // pages of the portal before one starts something
)

// person is somebody at the portal: one journey after the other, each as a stranger
// who was never there before. Their connection stays, as it would behind a balancer.
type person struct {
	*crowd
	random *rand.Rand
	client *http.Client
	from   string // the address they come from, as a proxy would say
	tally  tally
}

// live lets a person make journeys until the time is up.
func (p *person) live(ctx context.Context) {
	defer p.client.CloseIdleConnections()
	for p.goesOn(ctx) && p.await(ctx) {
		before := p.tally.failed()
		p.arrive()
		p.tally.journeys[p.journey(ctx)]++
		if p.tally.failed() > before { // nobody knocks without a pause where nothing opens
			p.rest(ctx, afterFailure)
		}
	}
}

// afterFailure is how long somebody waits who could not go on.
const afterFailure = 250 * time.Millisecond

// goesOn reports whether there is still time.
func (p *person) goesOn(ctx context.Context) bool {
	return ctx.Err() == nil && time.Now().Before(p.until)
}

// rest waits, but not beyond the end.
func (p *person) rest(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(min(d, time.Until(p.until)))
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}

// think looks at a page. People do not do that in step.
func (p *person) think(ctx context.Context) {
	if p.plan.Think > 0 {
		p.rest(ctx, p.plan.Think/2+time.Duration(p.random.Int64N(int64(p.plan.Think))))
	}
}

// arrive makes the person somebody new: no cookies, another address.
func (p *person) arrive() {
	p.client.Jar, _ = cookiejar.New(nil) // it fails by its options only
	p.from = addressOf(p.arrived.Add(1))
}

// addressOf is the address of somebody in the network that is kept for measuring,
// 198.18.0.0/15.
func addressOf(n uint64) string {
	n %= 1 << 17
	return netip.AddrFrom4([4]byte{198, byte(18 + n>>16), byte(n >> 8), byte(n)}).String()
}

// journey looks at the portal, begins a procedure and answers until it ends.
func (p *person) journey(ctx context.Context) ending {
	start, script, end := p.choose(ctx)
	if end != "" {
		return end
	}
	p.think(ctx)
	at, end := p.open(ctx, kindStart, start)
	switch {
	case end == "":
		p.begun.Store(true)
	case end == closed && script != nil:
		p.setAside(script.ID)
	case end == closed:
		p.bar(1)
	}
	if end != "" {
		return end
	}
	w := walk{person: p, at: at, script: script, tried: map[string]int{}}
	end = w.walk(ctx)
	if script != nil && (w.left || end == finished) {
		p.tally.followed[w.left]++
	}
	return end
}

// choose finds something to begin, by looking around as people do, and the scenario to
// play there, if any is left.
func (p *person) choose(ctx context.Context) (start string, script *Script, end ending) {
	at, end := p.open(ctx, kindPortal, "/")
	if end == closed {
		p.bar(1)
	}
	if end != "" {
		return "", nil, end
	}
	if len(p.plan.Scripts) > 0 {
		if script = p.nextScript(); script == nil {
			p.bar(barredMost) // each was tried
			return "", nil, closed
		}
		return script.start, script, ""
	}
	for looked := 1; ; looked++ {
		entries, others := at.links()
		if len(entries) > 0 && (len(others) == 0 || p.random.IntN(2) == 0) {
			return entries[p.random.IntN(len(entries))], nil, ""
		}
		if len(others) == 0 || looked == mostLooked {
			p.bar(1)
			p.tally.fail(unreadable, "there is nothing to begin on "+at.address.Path)
			return "", nil, broken
		}
		p.think(ctx)
		if at, end = p.open(ctx, kindPortal, others[p.random.IntN(len(others))]); end != "" {
			return "", nil, end
		}
	}
}

// walk is one journey under way.
type walk struct {
	*person
	at     page
	script *Script
	made   int  // moves of the script
	left   bool // the script does not say any more how to go on
	tried  map[string]int
}

// walk answers pages until one has no way on.
func (w *walk) walk(ctx context.Context) ending {
	refusals := 0
	for range mostPages {
		if w.at.ended() || w.played() {
			return finished
		}
		if until := w.at.waits(); !until.IsZero() {
			w.rest(ctx, time.Until(until))
		}
		w.think(ctx)
		if !w.goesOn(ctx) {
			return unended
		}
		f := w.at.turn()
		if f == nil || !w.fillIn(f) {
			return stuck
		}
		at, end := w.send(ctx, w.at, f)
		if end != "" {
			return end
		}
		w.at = at
		if at.status != http.StatusUnprocessableEntity {
			refusals = 0
		} else if refusals++; refusals == mostTries {
			return refused
		}
	}
	return tooLong
}

// played reports whether every move of the script was made.
func (w *walk) played() bool {
	return w.script != nil && !w.left && len(w.script.moves) > 0 && w.made == len(w.script.moves)
}

// fillIn gives what the script says, or what somebody would without one. It reports
// whether the page can be answered at all.
func (w *walk) fillIn(f *form) bool {
	if w.script != nil && !w.left && w.byScript(f) {
		return true
	}
	step := w.at.step()
	f.fill(w.tried[step], time.Now())
	w.tried[step]++
	return f.goOn(w.tried[step] - 1)
}

// byScript makes the next move of the script. Where the page is not the one it is
// about, or has no room for what it gives, the script is left.
func (w *walk) byScript(f *form) bool {
	if w.at.step() == "" { // the page with the button that begins is no move
		return f.goOn(0)
	}
	wrong := w.made > 0 && w.script.moves[w.made-1].Refused != (w.at.status == http.StatusUnprocessableEntity)
	if wrong || w.made == len(w.script.moves) {
		w.left = true
		return false
	}
	m := w.script.moves[w.made]
	if m.Step != "" && m.Step != w.at.step() {
		w.left = true
		return false
	}
	given := *f
	given.values = cloned(f.values)
	if !m.post(&given) {
		w.left = true
		return false
	}
	*f = given
	w.made++
	return true
}

func cloned(values map[string][]string) map[string][]string {
	all := make(map[string][]string, len(values))
	for name, texts := range values {
		all[name] = slices.Clone(texts)
	}
	return all
}
