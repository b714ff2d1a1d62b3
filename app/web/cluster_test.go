package web_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"selfhelp/app/procedure"
	"selfhelp/app/web/frame"
	"selfhelp/app/web/webtest"
	"selfhelp/store/clocktest"
)

// longWay has a page of each kind that matters to who changes servers: a question, a
// form with a text and a file, a call, a wait, and an end.
const longWay = `schema: 1
uid: longwayaaaaaaaaaaaaaaaaaaa
alias: long-way
title: {en: A long way, fr: Un long chemin}
entry: true
variables:
  - {name: who, type: text}
steps:
  - {id: start, start: {}, next: ask}
  - id: ask
    title: {en: "Which way?", fr: "Par où ?"}
    question: {answers: [{id: left, text: {en: Left, fr: Gauche}, to: name}, {id: right, text: {en: Right, fr: Droite}, to: name}]}
    next: name
  - id: name
    title: {en: Who are you, fr: Qui êtes-vous}
    form: {fields: [{id: who, type: text, label: {en: Name, fr: Nom}, required: "true"}, {id: story, type: long_text, label: {en: Story, fr: Histoire}}]}
    next: papers
  - {id: papers, title: {en: "Your papers, {{ var.who }}", fr: "Vos papiers, {{ var.who }}"}, upload: {max: 2, min: 1, max_mb: 1}, next: call}
  - {id: call, ticket: {connector: tickets, fields: [{name: title, value: '"Lamp"'}]}, on_error: hold, next: hold}
  - {id: hold, title: {en: Wait, fr: Attendez}, wait: {seconds: "90"}, next: last}
  - {id: last, title: {en: Nearly there, fr: Presque}, page: {}, next: done}
  - {id: done, title: {en: "You arrived, {{ var.who }}", fr: "Arrivé"}, end: {outcome: solved, feedback: true}}
`

// platform are two presentation servers with the long way, and the account of ada.
func platform(t *testing.T, change ...func(*frame.Config)) (*webtest.Platform, *clocktest.Clock) {
	t.Helper()
	clock := clocktest.At(time.Now())
	p := webtest.Desk(t)
	way, err := procedure.ReadProcedure([]byte(longWay))
	if err != nil {
		t.Fatal(err)
	}
	p.Procedures = append(p.Procedures, way)
	all := webtest.NewPlatform(t, 2, func(s *frame.Site) { webtest.AddUser(t, s, "ada", "user", "production") },
		append(change, func(c *frame.Config) { c.Now = clock.Now })...)
	return all.Publish(webtest.Published{Domain: "production", Project: p, Number: webtest.FirstVersion}), clock
}

// executionOf is the execution that a browser is on.
func executionOf(b *webtest.Browser) string { return strings.Split(b.Path, "/")[2] }

const paper = "%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"

// arrive goes the rest of the long way from its first page.
func arrive(t *testing.T, b *webtest.Browser, clock *clocktest.Clock, story string) {
	t.Helper()
	b.Answer("answer", "left").Sees("Who are you")
	b.Answer("f.who", "Zoé", "f.story", story).Sees("Your papers, Zoé")
	b.Follow(b.Parts("paper.pdf", paper), b.Path).Sees("Wait")
	clock.Pass(2 * time.Minute)
	if waits := *b; len(story) < tooLong {
		b.Open("/x/" + executionOf(b) + "/after-wait").Sees("Nearly there")
	} else if waits.Open("/x/" + executionOf(b) + "/after-wait"); waits.Status == http.StatusServiceUnavailable {
		waits.Sees("Nothing is lost: go back")
		b.Answer("do", "resume").Sees("Nearly there")
	} else {
		t.Errorf("where no browser could carry it, the page is %d", waits.Status)
	}
	b.Answer("answer", "next").Sees("You arrived")
	b.Answer("do", "feedback", "score", "1").Sees("Thank you")
}

// tooLong is a text that no browser carries along: nearly as long as a field takes, for
// how well a state shrinks depends on the keys in it, which are drawn.
const tooLong = 9_900

// words are so many bytes of text that hardly shrink.
func words(size int) string {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-."
	random := rand.New(rand.NewPCG(1, 2))
	text := make([]byte, size)
	for i := range text {
		text[i] = letters[random.IntN(len(letters))]
	}
	return string(text)
}

// TestEachRequestGoesToTheNextServer: the person reaches the end, guest or signed in,
// with a form of a few words and with one of several pages.
func TestEachRequestGoesToTheNextServer(t *testing.T) {
	for name, story := range map[string]string{"few words": "It broke", "two pages": words(2500), "too much to carry": words(tooLong)} {
		for _, signed := range []bool{false, true} {
			t.Run(fmt.Sprint(name, signed), func(t *testing.T) {
				p, clock := platform(t)
				b := p.Browser(t)
				if signed {
					b = p.SignedInAs(t, "ada")
				}
				arrive(t, b.Open("/r/long-way?lang=en"), clock, story)
				var all []int64
				for _, s := range p.Servers {
					all = append(all, webtest.Turns(t, s, executionOf(b))...)
				}
				slices.Sort(all)
				if want := []int64{1, 2, 3, 4, 5, 6, 7}; !slices.Equal(all, want) {
					t.Errorf("the turns of both servers are %v, want %v", all, want)
				}
			})
		}
	}
}

// TestAWaitEndsWithMuchToCarry at the server that has it: the next one would have nothing to
// show.
func TestAWaitEndsWithMuchToCarry(t *testing.T) {
	p, clock := platform(t)
	b := p.Browser(t).Open("/r/long-way?lang=en").Answer("answer", "left").Answer("f.who", "Zoé", "f.story", words(tooLong))
	b.Follow(b.Parts("paper.pdf", paper), b.Path).Sees("Wait")
	clock.Pass(2 * time.Minute)
	p.Next()
	b.Open("/x/" + executionOf(b) + "/after-wait").Sees("Nearly there")
}

// TestAServerDisappears before a request, or after it kept the answer and before it
// replied: the person sends the page again and reaches the end.
func TestAServerDisappears(t *testing.T) {
	for _, at := range []string{"ask", "name", "papers", "hold", "last"} {
		for _, replied := range []string{"before the request", "before the reply"} {
			for _, fragment := range []bool{false, true} {
				t.Run(fmt.Sprint(at, " ", replied, " ", fragment), func(t *testing.T) {
					p, clock := platform(t)
					b := p.Browser(t).Open("/r/long-way?lang=en")
					for _, page := range []string{"ask", "name", "papers", "hold", "last"} {
						if page == at {
							serving := p.Next()
							if replied == "before the reply" {
								p.Next() // so that the next is the one that dies
								send(t, b, page, clock, true, fragment)
							}
							p.Kill(serving)
						}
						send(t, b, page, clock, false, fragment)
					}
					b.Sees("You arrived, Zoé")
				})
			}
		}
	}
}

// send answers a page of the long way, and has the answer lost where asked. With
// script the page that follows is the reply.
func send(t *testing.T, b *webtest.Browser, page string, clock *clocktest.Clock, lost, fragment bool) {
	t.Helper()
	swap := func(*http.Request) {}
	if fragment {
		swap = webtest.Header(frame.SwapHeader, "1")
	}
	values := map[string][]string{"ask": {"answer", "left"}, "name": {"f.who", "Zoé"}, "last": {"answer", "next"}, "hold": {"do", "resume"}}
	if page == "hold" {
		clock.Pass(2 * time.Minute)
	}
	if page == "papers" {
		if !lost {
			follow(b, b.Parts("paper.pdf", paper))
		}
		return
	}
	form := webtest.Form(b.Filled(values[page]...))
	if lost {
		b.Lose("POST", b.Action(), form, swap)
		return
	}
	follow(b, b.Send("POST", b.Action(), form, swap))
}

// follow goes where an answer leads, also where a script swapped the page.
func follow(b *webtest.Browser, r *http.Response) {
	path := b.Path
	if swapped := r.Header.Get("Swap-Url"); swapped != "" {
		path = swapped
	}
	b.Follow(r, path)
}
