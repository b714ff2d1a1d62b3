package browser

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"selfhelp/app"
)

// product runs the command that operators run, on an empty folder, and returns
// what it prints: where it answers, and where the first account is made.
func product(t *testing.T) (home, setup string) {
	t.Helper()
	return started(t, "serve")
}

// started is product by either command; the demonstration has its accounts.
func started(t *testing.T, command string) (home, setup string) {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	out, in := io.Pipe()
	ended := make(chan int, 1)
	go func() {
		ended <- app.Main(ctx, app.Terminal{
			Args: []string{command, "--listen", "127.0.0.1:0", "--data", t.TempDir()},
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
	for (home == "" || setup == "" && command == "serve") && lines.Scan() {
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
	changeMind(writer)
	leave(writer)
	tryOut(writer)
	publish(writer)
	visitor := newPerson(t, chromium, home)
	run(visitor)
	visitor.content()
	plain := newPerson(t, chromium, home)
	runPlain(plain)
	plain.content()
	readReport(writer)
	writer.content()
}

func signUp(p *person, setup string) {
	p.open(setup)
	p.accessible("setup")
	p.fill("First name", "Ada")
	p.fill("Last name", "Leroy")
	p.fill("Login", "ada")
	p.fill("Password", "correct horse battery 9")
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
	p.pictures("Where the cable goes")

	p.adds("What do you see?", "Question")
	p.unfolds("Yes")
	p.fillIn(`[data-entry="answers.yes"]`, "Text", "Nothing at all")
	p.unfolds("No")
	p.stays(`[data-entry="answers.no"]`, "Text", "A message")
	p.types(kb.Enter) // makes the next
	p.begins()
	p.types("Wrong colours" + kb.Tab)
	p.saved()

	p.leads("answers.yes", "About your screen", "Form")
	p.fill("Label", "How many days has it been so?")
	p.fill("Name", "days")
	p.chooses("Type", "Drop-down list")
	p.until(`[...document.querySelectorAll("#editor-inspector button")].some((b) => b.textContent.includes("Add a choice"))`)
	p.chooses("Type", "Number")
	p.until(`![...document.querySelectorAll("#editor-inspector button")].some((b) => b.textContent.includes("Add a choice"))`)
	p.click("button", "Add a field")
	p.begins()
	p.types("Which model is it?" + kb.Tab)
	p.saved()

	p.adds("Old trouble?", "Test")
	p.fill("If", "var.days > 3")
	p.leads("rules.rule", "Someone comes by", "End")
	p.fill("Text", "Keep your desk free.")
	p.chooses("Outcome", "Passed to support")
	p.saved()

	p.click(".editor-bar a", "My screen stays black")
	p.click("button", "Add a variable")
	p.until(`!!document.activeElement.closest("[data-entry]")`)
	p.fill("Name", "hours")
	p.chooses("Type", "Number")
	p.saved()

	p.click("a[data-step]", "Old trouble?")
	p.adds("Count the hours", "Calculation")
	p.fill("Variable", "hours")
	p.fill("Is given", "var.days * 24")
	p.adds("Leave it unplugged", "Page")
	p.fill("Text", "It has been so for ")
	p.chooses("Insert a value", "var.hours")
	p.connects("Next", "End")
	p.saved()

	p.click("a[data-step]", "What do you see?")
	p.leads("answers.answer", "Press the menu button", "Confirmation")
	p.fill("Text", "Hold it for ten seconds. Are the colours right now?")
	p.adds("It helped", "End")
	p.click("a[data-step]", "Press the menu button")
	p.chooses("No leads to", "Someone comes by")
	p.saved()
	p.click("a[data-step]", "What do you see?")
	p.choosesIn(`[data-entry="answers.no"]`, "Leads to", "Someone comes by")
	p.click("a[data-step]", "End")
	p.fill("Title", "Buy another one")
	p.chooses("Outcome", "Information given")
	p.saved()
	p.sees("No problem")
	p.until(`document.querySelector(".card-of.chosen title").textContent === "Buy another one"`)
	if n := evaluate[int](p.t, p.ctx, `document.querySelectorAll(".card-of").length`); n != 11 {
		p.t.Errorf("%d steps are drawn, want ten and the Start", n)
	}
	p.accessible("editor-written")
	if evaluate[int](p.t, p.ctx, "window.stayed ?? 0") != 1 {
		p.t.Error("the page of the procedure was left while writing")
	}
}

// adds adds a step after the chosen one, by key.
func (p *person) adds(title, kind string) {
	p.t.Helper()
	p.types(kb.Escape)
	p.until(`document.activeElement.matches("a[data-step][aria-current=true]") && !document.querySelector("[inert]")`)
	p.shortcut("a")
	p.until(`document.activeElement.name === "words"`)
	p.types(title)
	p.chosenKind(kind)
}

// chosenKind says of which type the step is that is being added.
func (p *person) chosenKind(kind string) {
	p.t.Helper()
	p.click("button.type", kind)
	p.until(`!document.querySelector("button.type") && document.activeElement.matches("[name^='t:'], [name^='p:']")`)
}

// saved waits until everything typed is saved.
func (p *person) saved() {
	p.t.Helper()
	p.until(`!document.querySelector("[aria-busy=true], form[data-changed]") && document.querySelector(".saved").textContent.startsWith("Saved at")`)
}

// begins waits until the entry that was just added can be written in.
func (p *person) begins() {
	p.t.Helper()
	p.until(`!!document.activeElement.closest(".entry") && document.activeElement.value === ""`)
}

// leads adds a step where an answer or a rule leads nowhere yet.
func (p *person) leads(entry, title, kind string) {
	p.t.Helper()
	p.click(fmt.Sprintf("[data-entry=%q] a", entry), "Lead to a new step")
	p.until(`document.activeElement.name === "words"`)
	p.types(title)
	p.chosenKind(kind)
}

// connects leads the chosen step to one that is there, by key.
func (p *person) connects(way, title string) {
	p.t.Helper()
	p.types(kb.Escape)
	p.until(`document.activeElement.matches("a[data-step][aria-current=true]") && !document.querySelector("[inert]")`)
	p.shortcut("a")
	p.until(`document.activeElement.name === "words"`)
	p.chooses(way, title)
	p.click("button", "Connect")
	p.until(`!document.querySelector("button.type")`)
}

// unfolds opens an entry of a list.
func (p *person) unfolds(title string) {
	p.t.Helper()
	p.click(".entry:not([open]) > summary", title)
}

// pictures puts a picture of their own into the text of the step.
func (p *person) pictures(alt string) {
	p.t.Helper()
	file := filepath.Join(p.t.TempDir(), "cable.png")
	drawing := image.NewRGBA(image.Rect(0, 0, 320, 200))
	for x := range 320 {
		drawing.Set(x, 100, color.RGBA{R: 200, A: 255})
	}
	out, err := os.Create(file)
	if err == nil {
		err = errors.Join(png.Encode(out, drawing), out.Close())
	}
	if err != nil {
		p.t.Fatal(err)
	}
	p.click("summary", "Insert a picture or a file")
	p.where("input", "New file")
	do(p.t, p.ctx, chromedp.SetUploadFiles(chromedp.CSS("input[name=file]"), []string{file}))
	p.fill("What the picture shows (English)", alt)
	p.click("button", "Insert")
	p.until(`document.querySelector("[data-markdown]").value.includes("resource:")`)
	p.saved()
}

// changeMind deletes a step, takes that back, and does it again.
func changeMind(p *person) {
	drawn := func(n int) { p.until(fmt.Sprintf(`document.querySelectorAll(".card-of").length === %d`, n)) }
	p.click("a[data-step]", "Leave it unplugged")
	p.until(`document.activeElement.matches("a[data-step][aria-current=true]") && !document.querySelector("[inert]")`)
	p.shortcut("Delete")
	drawn(10)
	p.click("button", "Undo")
	drawn(11)
	p.click("button", "Redo")
	drawn(10)
	p.click("button", "Undo")
	drawn(11)
	p.sees("No problem")
	p.until(`document.querySelector("#editor-bar [data-palette]").checkVisibility()`) // parts were exchanged many times
	high := `(() => { const bar = document.getElementById("editor-bar"), menu = bar.querySelector("details"), before = bar.offsetHeight;
		menu.open = true; const after = bar.offsetHeight; menu.open = false; return after - before; })()`
	if grown := evaluate[int](p.t, p.ctx, high); grown != 0 {
		p.t.Errorf("the bar grows by %d pixels when its menu opens", grown)
	}
}

// leave goes away right after typing, by the link to the project: nothing asks
// whether it may be lost, and nothing is.
func leave(p *person) {
	p.click("a[data-step]", "Buy another one")
	p.until(`document.querySelector(".card-of.chosen title").textContent === "Buy another one" && !document.querySelector("[inert]")`)
	p.stays("body", "Text", "Ask the shop for one.")
	p.click(".editor-bar a", "Office help")
	p.arrives("^/studio/p/[^/]+$")
	p.click("main a", "My screen stays black")
	p.arrives("^/studio/p/[^/]+/d/[^/]+$")
	p.click("a[data-step]", "Buy another one")
	p.until(`[...document.querySelectorAll("#editor-inspector textarea")].some((t) => t.value === "Ask the shop for one.")`)
	p.saved()
}

// tryOut runs the procedure as it is written, from its start and from a step.
func tryOut(p *person) {
	p.beside(func() { p.click(".editor-bar a", "Test") }, func(tab *person) {
		tab.sees("Check the cable", "both ends")
		tab.accessible("test")
		tab.click("button", "Next")
		tab.sees("What do you see?")
		tab.click(".answer", "Nothing at all")
		tab.fill("How many days has it been so?", "2")
		tab.fill("Which model is it?", "A2")
		tab.click("button", "Continue")
		tab.sees("Leave it unplugged", "It has been so for 48")
	})
	p.click("a[data-step]", "Press the menu button")
	p.until(`document.activeElement.matches("a[data-step][aria-current=true]") && !document.querySelector("[inert]")`)
	p.beside(func() { p.shortcut("t") }, func(tab *person) {
		tab.sees("Press the menu button")
	})
	p.click("a", "Preview")
	p.accessible("preview")
	p.beside(func() { p.click("a", "Test from here") }, func(tab *person) {
		tab.sees("Press the menu button")
	})
}

func publish(p *person) {
	p.click(".editor-bar a", "Publish")
	p.arrives("/publish$")
	p.sees("1.0")
	p.accessible("publish")
	p.click("button", "Publish version 1.0")
	p.arrives("/versions$")
	p.sees("1.0")
	p.accessible("versions")
}

// run finds the procedure and takes it to an outcome.
func run(p *person) {
	p.open("/")
	p.accessible("home")
	p.click("a", "Office help")
	p.arrives("^/p/")
	p.accessible("portal")
	p.click("#q", "")
	p.types("blak scren") // as one types in a hurry
	p.until(`document.querySelectorAll("[role=option]").length > 0`)
	p.types(kb.Enter)
	p.arrives("/search$")
	p.sees("My screen stays black")
	p.accessible("search")
	p.click("main a", "My screen stays black")
	p.sees("Check the cable")
	p.until(`[...document.images].some((i) => i.alt === "Where the cable goes" && i.complete && i.naturalWidth === 320)`)
	p.accessible("page")
	p.click("button", "Next")
	p.sees("What do you see?")
	p.accessible("question")
	p.click(".answer", "Nothing at all")
	p.sees("About your screen")
	p.fill("How many days has it been so?", "5")
	p.fill("Which model is it?", "A2")
	p.accessible("form")
	p.click("button", "Continue")
	p.sees("Someone comes by", "Keep your desk free.")
	p.accessible("outcome")
	do(p.t, p.ctx, chromedp.NavigateBack())
	p.until(`document.querySelectorAll(".turn input:not([type=hidden])")[0]?.value === "5"`) // what was answered is there
	p.click("button", "Continue")
	p.sees("Someone comes by")
	p.click("label", "Yes")
	p.click("button", "Send my opinion")
	p.sees("your opinion is recorded")
	p.printed()
	p.beside(func() { p.click("a", "Report") }, func(report *person) {
		report.sees("About your screen", "A2", "5")
		report.accessible("own-report")
	})
}

// printed looks at the page as paper shows it: the words, not the tools.
func (p *person) printed() {
	p.t.Helper()
	print := func(medium string) {
		if _, err := chromedp.Call(p.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: medium}); err != nil {
			p.t.Fatal(err)
		}
	}
	print("print")
	p.sees("Someone comes by")
	p.until(`!document.querySelector(".turn-tools")?.checkVisibility()`)
	print("")
}

// runPlain does the same without script, and goes another way.
func runPlain(p *person) {
	if _, err := chromedp.Call(p.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
		p.t.Fatal(err)
	}
	p.open("/")
	p.click("a", "Office help")
	p.arrives("^/p/")
	p.click("#q", "")
	p.types("black screen" + kb.Enter)
	p.arrives("/search$")
	p.click("main a", "My screen stays black")
	p.sees("Check the cable")
	p.click("button", "Next")
	p.sees("What do you see?")
	p.click(".answer", "Wrong colours")
	p.sees("Hold it for ten seconds.")
	p.click("button", "Back")
	p.until(`document.querySelector(".answer.chosen")?.textContent.includes("Wrong colours")`)
	p.click(".answer", "Wrong colours")
	p.sees("Hold it for ten seconds.")
	p.click("button", "Yes")
	p.sees("It helped")
	p.click("label", "Yes")
	p.click("button", "Send my opinion")
	p.sees("your opinion is recorded")
}

// readReport reads, as the writer, how the visitors went.
func readReport(p *person) {
	p.click("a", "Executions")
	p.arrives("/executions$")
	p.sees("Passed to support", "Solved")
	p.accessible("executions")
	p.click("tbody tr:nth-child(2) a", "")
	p.arrives("/executions/[^/]+$")
	p.sees("Passed to support", "What do you see?", "Nothing at all", "About your screen")
	p.accessible("report")
}
