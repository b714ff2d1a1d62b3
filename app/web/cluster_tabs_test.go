package web_test

import (
	"encoding/base64"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"selfhelp/app/web/frame"
	"selfhelp/app/web/seal"
	"selfhelp/app/web/webtest"
)

// turnsOf are the turns of an execution at each server of a platform.
func turnsOf(t *testing.T, p *webtest.Platform, execution string) (all [][]int64) {
	t.Helper()
	for _, s := range p.Servers {
		all = append(all, webtest.Turns(t, s, execution))
	}
	return all
}

// TestTwoTabsAtTwoServers: one goes on here, the other there; both keep their turns,
// and both reach the end.
func TestTwoTabsAtTwoServers(t *testing.T) {
	p, clock := platform(t)
	b := p.Browser(t).Open("/r/long-way?lang=en")
	tab := b.Tab()
	swap := webtest.Header(frame.SwapHeader, "1") // each is one request, to the next server
	for i, one := range []*webtest.Browser{b, tab} {
		follow(one, one.Send("POST", one.Action(), webtest.Form(one.Filled("answer", []string{"left", "right"}[i])), swap))
	}
	for i, one := range []*webtest.Browser{b, tab} {
		follow(one, one.Send("POST", one.Action(), webtest.Form(one.Filled("f.who", []string{"Zoé", "Max"}[i])), swap))
	}
	follow(b, b.Parts("paper.pdf", paper))
	follow(tab, tab.Parts("paper.pdf", paper))
	for i, one := range []*webtest.Browser{b, tab} {
		one.Sees("Wait")
		send(t, one, "hold", clock, false, true)
		send(t, one, "last", clock, false, true)
		one.Sees("You arrived, " + []string{"Zoé", "Max"}[i])
	}
	if all := turnsOf(t, p, executionOf(b)); len(slices.Concat(all...)) != 1+2*5 || !slices.IsSorted(all[0]) || !slices.IsSorted(all[1]) {
		t.Errorf("the servers keep the turns %v: the start and five answers of each tab are wanted", all)
	}
}

// TestAPageThatIsNewer than what a server has: its numbers have holes, and its answers
// none.
func TestAPageThatIsNewer(t *testing.T) {
	p, clock := platform(t)
	b := p.Browser(t).Open("/r/long-way?lang=en")
	began := p.Servers[0]
	if len(webtest.Turns(t, began, executionOf(b))) == 0 {
		began = p.Servers[1]
	}
	p.Kill(began)
	send(t, b, "ask", clock, false, false)
	send(t, b, "name", clock, false, false)
	p.Revive(began)
	for _, s := range p.Servers {
		if s != began {
			p.Kill(s)
		}
	}
	b.Open("/x/" + executionOf(b)).Sees("Your papers, Zoé")
	send(t, b, "papers", clock, false, false)
	if turns := webtest.Turns(t, began, executionOf(b)); !slices.Equal(turns, []int64{1, 4}) {
		t.Errorf("the turns are %v, want 1 and 4", turns)
	}
	b.Tab().Open("/x/" + executionOf(b) + "/report").Sees("Part of this journey was done at another server")
	send(t, b, "hold", clock, false, false)
	b.Answer("do", "back").Sees("paper.pdf")
}

// TestDoubleClicksAtTwoServers: the same answer, taken by both, is one at each, and
// both lead to the same page. One that was shown where it led is not given again.
func TestDoubleClicksAtTwoServers(t *testing.T) {
	p, clock := platform(t)
	b := p.Browser(t).Open("/r/long-way?lang=en")
	before := b.Tab()
	at, form := b.Action(), webtest.Form(b.Filled("answer", "left"))
	b.Lose("POST", at, form)
	b.Follow(b.Send("POST", at, form), at).Sees("Who are you")
	for i, turns := range turnsOf(t, p, executionOf(b)) {
		if len(turns) > 2 || turns[len(turns)-1] != 2 {
			t.Errorf("server %d has the turns %v of a double click", i, turns)
		}
	}
	send(t, b, "name", clock, false, false)
	papers := b.Tab()
	follow(b, b.Parts("paper.pdf", paper))
	count := len(slices.Concat(turnsOf(t, p, executionOf(b))...))
	for range 2 { // to either server: the browser has been shown where it led
		again := papers.Tab()
		follow(again, again.Parts("paper.pdf", paper))
		again.Sees("Wait")
	}
	if now := len(slices.Concat(turnsOf(t, p, executionOf(b))...)); now != count {
		t.Errorf("%d turns became %d by sending an answer again: its ticket may have been made twice", count, now)
	}
	before.Answer("answer", "right").Sees("Who are you") // another answer to the first page is another way
}

// TestFilesOfAnotherServer are named where they are shown, count as sent, and are not
// given as if they were here.
func TestFilesOfAnotherServer(t *testing.T) {
	p, clock := platform(t)
	b := p.Browser(t).Open("/r/long-way?lang=en")
	send(t, b, "ask", clock, false, false)
	send(t, b, "name", clock, false, false)
	follow(b, b.Parts("paper.pdf", paper))
	keeping := p.Servers[0]
	if files(t, keeping, executionOf(b)) == "" {
		keeping = p.Servers[1]
	}
	address := "/x/" + executionOf(b) + "/files/" + files(t, keeping, executionOf(b)) + "/paper.pdf"
	if keeping.Files.Has(strings.Split(address, "/")[4]) {
		p.Kill(keeping)
	}
	b.Open(address).Sees("It counts as sent")
	clock.Pass(2 * time.Minute)
	b.Open("/x/"+executionOf(b)+"/papers").Sees("paper.pdf", "kept on another server, and counts as sent")
	b.Answer("kept", strings.Split(address, "/")[4]).Sees("Wait")
}

// files is the hash of a file that was sent in an execution, as a server has it.
func files(t *testing.T, s *frame.Site, execution string) string {
	t.Helper()
	turns, err := s.Activity.Turns(t.Context(), execution)
	if err != nil {
		t.Fatal(err)
	}
	for _, u := range turns {
		if _, rest, found := strings.Cut(string(u.Events), `"hash":"`); found {
			return rest[:64]
		}
	}
	return ""
}

// TestCodesAtAnotherServer: what was begun at one server is put aside at another, and
// goes on from there.
func TestCodesAtAnotherServer(t *testing.T) {
	p, clock := platform(t)
	b := p.Browser(t).Open("/r/long-way?lang=en")
	send(t, b, "ask", clock, false, true)
	aside := b.Send("POST", b.Action(), webtest.Form(b.Filled("do", "pause")))
	_, rest, found := strings.Cut(webtest.Text(t, aside), "/resume/")
	if aside.StatusCode != http.StatusOK || !found {
		t.Fatalf("putting aside answers %d", aside.StatusCode)
	}
	code := rest[:12]
	other := p.Browser(t)
	for range p.Servers { // a code is known where it was given, and to the others once it was carried there
		if other.Follow(other.Send("POST", "/resume", webtest.Form("code="+code)), "/resume"); other.Status == http.StatusOK {
			break
		}
	}
	other.Sees("Who are you")
	send(t, other, "name", clock, false, false)
	other.Sees("Your papers, Zoé")
}

// TestHostilePages: who made or changed what a page carries along gets nowhere, and
// leaves nothing behind.
func TestHostilePages(t *testing.T) {
	foreign := seal.Keys{Visitors: [][]byte{[]byte(strings.Repeat("x", 32))}}
	signed := func(s *frame.Site, change func(*seal.Pass)) func(string) string {
		return func(pass string) string {
			value, _ := s.Keys.Verify("pass", pass)
			read, _ := seal.PassOf(value)
			change(&read)
			return s.Keys.Sign("pass", read.String())
		}
	}
	old := func(s *frame.Site) func(string) string {
		return func(pass string) string {
			value, _ := s.Keys.Verify("pass", pass)
			return s.Keys.Sign("pass", strings.Join(strings.Split(value, "|")[:6], "|"))
		}
	}
	for name, one := range map[string]struct {
		field  string
		change func(*frame.Site) func(string) string
		status int
	}{
		"as it was":        {"pass", func(*frame.Site) func(string) string { return func(p string) string { return p } }, 303},
		"a pass of before": {"pass", old, 303},
		"no pass":          {"pass", func(*frame.Site) func(string) string { return func(string) string { return "" } }, 404},
		"a pass cut short": {"pass", func(*frame.Site) func(string) string { return func(p string) string { return p[:len(p)-3] } }, 404},
		"a pass signed elsewhere": {"pass", func(*frame.Site) func(string) string {
			return func(p string) string { return foreign.Sign("pass", p[:strings.LastIndex(p, ".")]) }
		}, 404},
		"a pass of another purpose": {"pass", func(s *frame.Site) func(string) string {
			return func(p string) string { return s.Keys.Sign("visitor", p[:strings.LastIndex(p, ".")]) }
		}, 404},
		"a pass of somebody else": {"pass", func(s *frame.Site) func(string) string {
			return signed(s, func(p *seal.Pass) { p.Owner = "visitor-else" })
		}, 404},
		"a pass of another execution": {"pass", func(s *frame.Site) func(string) string {
			return signed(s, func(p *seal.Pass) { p.Execution = strings.Repeat("a", 26) })
		}, 404},
		"a page of last year": {"pass", func(s *frame.Site) func(string) string {
			return signed(s, func(p *seal.Pass) { p.At = p.At.AddDate(-1, 0, 0) })
		}, 404},
		"a state cut short": {"state", func(*frame.Site) func(string) string { return func(v string) string { return v[:len(v)-5] } }, 422},
		"no state":          {"state", func(*frame.Site) func(string) string { return func(string) string { return "" } }, 422},
		"a made state": {"state", func(*frame.Site) func(string) string {
			return func(string) string { return base64.RawURLEncoding.EncodeToString(make([]byte, 200)) }
		}, 422},
		"a turn that nobody gave": {"turn", func(*frame.Site) func(string) string { return func(string) string { return strconv.Itoa(1 << 40) } }, 404},
		"a turn below the page's": {"turn", func(*frame.Site) func(string) string { return func(string) string { return "-1" } }, 422},
	} {
		t.Run(name, func(t *testing.T) {
			p, _ := platform(t)
			b := p.Browser(t).Open("/r/long-way?lang=en")
			other := p.Servers[0]
			if len(webtest.Turns(t, other, executionOf(b))) > 0 {
				p.Kill(other)
				other = p.Servers[1]
			} else {
				p.Kill(p.Servers[1])
			}
			b.Forget("stand") // the page alone
			values := b.Fields()
			values.Set("answer", "left")
			values.Set(one.field, one.change(other)(values.Get(one.field)))
			r := b.Send("POST", b.Action(), webtest.Form(values.Encode()))
			if r.StatusCode != one.status {
				t.Errorf("it answers %d, want %d", r.StatusCode, one.status)
			}
			if turns := webtest.Turns(t, other, executionOf(b)); (len(turns) > 0) != (one.status == 303) {
				t.Errorf("it leaves the turns %v", turns)
			}
		})
	}
}

// TestHostileCookies: what a browser carries along is believed only as we wrote it, for
// its own execution, and its own person.
func TestHostileCookies(t *testing.T) {
	for name, change := range map[string]func(string) string{
		"cut short":     func(v string) string { return v[:len(v)-9] },
		"more pieces":   func(v string) string { return "3" + v[1:] },
		"many pieces":   func(v string) string { return "999999999" + v[1:] },
		"no count":      func(v string) string { return v[2:] },
		"another pass":  func(v string) string { return v[:6] + flip(v[6]) + v[7:] },
		"another state": func(v string) string { return v[:len(v)-9] + flip(v[len(v)-9]) + v[len(v)-8:] },
		"nothing but ~": func(string) string { return "1~~~~" },
	} {
		t.Run(name, func(t *testing.T) {
			p, clock := platform(t)
			b := p.Browser(t).Open("/r/long-way?lang=en")
			send(t, b, "ask", clock, false, true)
			b.Change("stand", change)
			for range p.Servers {
				r := b.Send("GET", "/x/"+executionOf(b))
				if r.StatusCode >= 500 && r.StatusCode != http.StatusServiceUnavailable {
					t.Errorf("it answers %d", r.StatusCode)
				}
			}
		})
	}
	p, _ := platform(t)
	b := p.Browser(t).Open("/r/long-way?lang=en")
	thief := p.Browser(t).Open("/r/lamp?lang=en")
	thief.Take("stand", b)
	for range p.Servers {
		if r := thief.Send("GET", "/x/"+executionOf(b)); r.StatusCode == http.StatusOK || r.StatusCode == http.StatusSeeOther {
			t.Errorf("somebody else's cookies open it: %d", r.StatusCode)
		}
	}
}
