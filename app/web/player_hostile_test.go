package web

import (
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"

	"selfhelp/app/access"
	"selfhelp/app/procedure"
	"selfhelp/app/publication"
)

// nasty are answers that mean something elsewhere.
var nasty = []string{
	`"><script>alert(1)</script>`, `<img src=x onerror=alert(1)>`, `{{7*7}}`, `{{ user.login }}`, `${env}`, `#who#`, `**bold** [x](javascript:alert(1))`,
	"line\nlevel=ERROR msg=forged", "\x1b[31mred", "\u202Eevil", "zero\u200bwidth", `'; DROP TABLE turn; --`, "javascript:alert(1)", "=HYPERLINK(\"http://evil\")",
}

func TestAnswersAreOnlyEverText(t *testing.T) {
	s := deskSite(t)
	for _, answer := range nasty {
		b := newBrowser(t, s).open("/r/lamp?lang=en&ctx.room="+escape(answer)).answer("answer", "red")
		b.answer("do", "answer", "f.who", answer)
		if b.status != 200 {
			continue // refused, with words that say why
		}
		b.sees("Hello").seesNot("<script>alert", "<img src=x", "Hello 49", `href="javascript`, "<strong>bold", "onerror=alert(1)>")
		b.answer("answer", "next").open(strings.TrimSuffix(b.path, "/done")+"/report").seesNot("<script>alert", "<img src=x")
	}
}

func TestNoStepCanBeJumpedTo(t *testing.T) {
	b := newBrowser(t, deskSite(t)).open("/r/lamp?lang=en")
	id := strings.Split(b.path, "/")[2]
	for _, step := range []string{"done", "echo", "start", "nowhere", "report%00", strings.Repeat("a", 5000)} {
		if b.open("/x/" + id + "/" + step); b.path != "/x/"+id+"/colour" && b.status != 404 {
			t.Errorf("step %.20s: %s answers %d", step, b.path, b.status)
		}
	}
	b.open("/x/" + id + "/colour")
	values := b.fields()
	values.Set("answer", "next")
	b.follow(b.send("POST", "/x/"+id+"/echo", form(values.Encode())), b.path).sees("What colour?")
}

func TestOnlyWhatIsOfferedIsTaken(t *testing.T) {
	b := newBrowser(t, deskSite(t)).open("/r/lamp?lang=en")
	for _, pairs := range [][]string{
		{"answer", "hidden"}, {"answer", "staff"}, {"answer", "purple"}, {"answer", ""}, {"answer", "red", "answer", "green"}, {}, {"do", "answer", "answer", "=red"}, {"answer[]", "green"},
	} {
		if b.answer(pairs...); b.status != 422 || !strings.Contains(b.page, "What colour?") {
			t.Errorf("%q: %d", pairs, b.status)
		}
	}
	if r := b.post("do", "explode"); r.StatusCode != 422 {
		t.Errorf("a move that does not exist: %d", r.StatusCode)
	}
	b.open("/r/lamp?lang=en").answer("answer", "red")
	for _, pairs := range [][]string{{"f.who", "x", "f.age", "one"}, {"f.who", "x", "f.who", "y"}, {"f.age", "4"}, {"f.who", strings.Repeat("x", 5000)}, {"f.who", "x", "f.age", "1e309"}, {"f.who", "x", "f.age", "NaN"}} {
		if b.answer(pairs...); b.status != 422 {
			t.Errorf("%.40q: %d", pairs, b.status)
		}
	}
}

func TestAnotherPersonsExecutionDoesNotExist(t *testing.T) {
	s := deskSite(t)
	addUser(t, s, "camille", access.User, "production")
	mine := newBrowser(t, s).open("/r/lamp?lang=en")
	fields := mine.fields()
	own := signedInAs(t, s, "camille").open("/r/lamp?lang=en")
	for name, other := range map[string]*browser{"a stranger": newBrowser(t, s), "someone with an execution": newBrowser(t, s).open("/r/lamp"), "an account": signedInAs(t, s, "camille")} {
		for _, path := range []string{mine.path, strings.TrimSuffix(mine.path, "/colour"), strings.TrimSuffix(mine.path, "/colour") + "/report", "/x/aaaaaaaaaaaaaaaaaaaaaaaaaa/colour"} {
			if other.open(path); other.status != 404 {
				t.Errorf("%s opens %s: %d", name, path, other.status)
			}
		}
		r := other.send("POST", mine.path, form(fields.Encode()+"&answer=green"))
		if r.StatusCode != 404 {
			t.Errorf("%s answers in it: %d", name, r.StatusCode)
		}
	}
	if other := newBrowser(t, s).open(own.path); other.status != 404 {
		t.Errorf("a stranger opens an account's: %d", other.status)
	}
	if !regexp.MustCompile(`^/x/[a-z2-7]{26}/`).MatchString(mine.path) {
		t.Errorf("%s does not hold 128 random bits", mine.path)
	}
}

func TestTokensOfOthersAreRefused(t *testing.T) {
	s := deskSite(t)
	a, b := newBrowser(t, s).open("/r/lamp?lang=en"), newBrowser(t, s).open("/r/lamp?lang=en")
	for name, token := range map[string]string{
		"another execution's": a.fields().Get("state"), "none": "x", "empty": "", "changed": flip(b.fields().Get("state")), "huge": strings.Repeat("A", 200_000),
	} {
		values := b.fields()
		values.Set("state", token)
		if r := b.send("POST", b.path, form(values.Encode()+"&answer=green")); r.StatusCode != 422 {
			t.Errorf("%s token: %d", name, r.StatusCode)
		}
	}
	values := b.fields()
	values.Set("pass", a.fields().Get("pass"))
	if r := b.send("POST", b.path, form(values.Encode()+"&answer=green")); r.StatusCode != 303 {
		t.Errorf("the pass of another execution, on one's own: %d", r.StatusCode)
	}
}

func flip(token string) string {
	b := []byte(token)
	b[len(b)/2] ^= 1
	return string(b)
}

func TestDoubleClickIsOneAnswer(t *testing.T) {
	s := deskSite(t)
	b := newBrowser(t, s).open("/r/lamp?lang=en")
	first, second := b.post("answer", "red"), b.post("answer", "red")
	if first.Header.Get("Location") != second.Header.Get("Location") {
		t.Errorf("one leads to %s, the other to %s", first.Header.Get("Location"), second.Header.Get("Location"))
	}
	var all sync.WaitGroup
	values := b.fields().Encode() + "&answer=green"
	places := make([]string, 8)
	for i := range places {
		all.Go(func() { places[i] = b.send("POST", b.path, form(values)).Header.Get("Location") })
	}
	all.Wait()
	for _, place := range places {
		if place != places[0] || place == "" {
			t.Errorf("one leads to %q, another to %q", places[0], place)
		}
	}
	turns, err := s.activity.Turns(t.Context(), strings.Split(b.path, "/")[2])
	if err != nil || len(turns) != 3 {
		t.Errorf("%d turns were kept, want 3 (%v)", len(turns), err)
	}
}

func TestBackAndAnotherBranch(t *testing.T) {
	s := deskSite(t)
	b := newBrowser(t, s).open("/r/lamp?lang=en").answer("answer", "red")
	b.answer("f.who", "Camille").answer("do", "back").answer("do", "back").sees("What colour?", "Your previous answer")
	b.answer("answer", "green").sees("Mended")
	b.open(strings.TrimSuffix(b.path, "/done")+"/report").sees("Who are you?", "Mended", "branch left")
	b.open("/x/" + strings.Split(b.path, "/")[2]).sees("Mended")
}

func TestExecutionsEndOnTheirVersion(t *testing.T) {
	s := deskSite(t)
	one := newBrowser(t, s).open("/r/lamp?lang=en")
	other := newBrowser(t, s).open("/r/lamp?lang=en")
	second := desk(t)
	for _, p := range second.Procedures {
		if p.Alias == "lamp" {
			p.Step("done").Title = procedure.T("Neuve", "Brand new")
		}
	}
	v1 := published{domain: "production", project: desk(t), number: publication.Number{Major: 1}}
	v2 := published{domain: "production", project: second, number: publication.Number{Major: 2}}
	v1.gone = true
	publish(t, s, v1, v2)
	one.answer("answer", "green").sees("Mended").seesNot("Brand new")
	newBrowser(t, s).open("/r/lamp?lang=en").answer("answer", "green").sees("Brand new")
	if b := newBrowser(t, s).open("/r/lamp?v=1.0"); b.status != 404 {
		t.Errorf("a withdrawn version is begun: %d", b.status)
	}
	publish(t, s, v2)
	if r := other.post("answer", "green"); r.StatusCode != 503 || !strings.Contains(text(t, r), "start again") {
		t.Errorf("when its version is gone, an execution answers %d", r.StatusCode)
	}
}

func TestWhatIsNoEntryPointHasNoAddress(t *testing.T) {
	s := deskSite(t)
	boss := addUser(t, s, "boss", access.Administrator)
	boss.Everywhere = true
	if _, err := s.content.SaveUser(t.Context(), boss, "test"); err != nil {
		t.Fatal(err)
	}
	addUser(t, s, "writer", access.Writer, "production")
	for _, b := range []*browser{newBrowser(t, s), signedInAs(t, s, "boss"), signedInAs(t, s, "writer")} {
		for _, path := range []string{"/r/part", "/r/partaaaaaaaaaaaaaaaaaaaaaa", "/r/nowhere", "/r/lamp?v=9.9", "/r/lamp?v=x", "/r/lamp?in=sandbox"} {
			if b.open(path); b.status != 404 {
				t.Errorf("%s answers %d", path, b.status)
			}
		}
	}
}

func TestLinksDoNothingInTheWorld(t *testing.T) {
	s := deskSite(t)
	b := newBrowser(t, s).open("/r/at-once?lang=en").sees("At once", `method="post"`, "Start")
	if len(b.fields()) > 0 {
		t.Error("a procedure that acts at once was begun by a link")
	}
	b.follow(b.send("POST", "/r/at-once", form("lang=en")), "/r/at-once").sees("Done")
	for name, value := range map[string]string{"Sec-Fetch-Dest": "image", "Sec-Purpose": "prefetch"} {
		b := newBrowser(t, s).open("/r/lamp", header(name, value))
		if len(b.fields()) > 0 || b.status != 200 {
			t.Errorf("%s: %s began an execution", name, value)
		}
	}
	if r := b.send("POST", "/r/at-once", form(""), header("Origin", "https://evil.example")); r.StatusCode != 403 {
		t.Errorf("another site begins it: %d", r.StatusCode)
	}
}

func TestSwarmsAreSlowedDown(t *testing.T) {
	s := deskSite(t, func(c *Config) { c.Limits.Starts = Rate{PerSecond: 0.001, Burst: 5} })
	for i := range 6 {
		r := ask(s, "GET", "/r/lamp")
		if want := map[bool]int{true: 303, false: 429}[i < 5]; r.StatusCode != want {
			t.Errorf("start %d: %d, want %d", i, r.StatusCode, want)
		}
	}
}

func TestFormsAreBounded(t *testing.T) {
	s := deskSite(t)
	b := newBrowser(t, s).open("/r/lamp?lang=en").answer("answer", "red")
	for name, c := range map[string]struct {
		body   string
		status []int
	}{
		"a value of a megabyte": {b.fields().Encode() + "&f.who=" + strings.Repeat("x", 1<<20), []int{413, 422}},
		"many values":           {b.fields().Encode() + strings.Repeat("&a=b", 20_000), []int{422}},
		"broken escapes":        {b.fields().Encode() + "&f.who=%zz", []int{422}},
		"not a text":            {b.fields().Encode() + "&f.who=%ff%fe", []int{200, 303, 422}},
		"a nought":              {b.fields().Encode() + "&f.who=a%00b", []int{303, 422}},
	} {
		r := b.send("POST", b.path, form(c.body))
		if !contains(c.status, r.StatusCode) {
			t.Errorf("%s: %d", name, r.StatusCode)
		}
	}
	if r := b.send("POST", b.path, form(b.fields().Encode()), header("Content-Type", "text/plain")); r.StatusCode == 500 || r.StatusCode == 303 {
		t.Errorf("a form sent as plain text: %d", r.StatusCode)
	}
}

func contains(list []int, one int) bool {
	for _, n := range list {
		if n == one {
			return true
		}
	}
	return false
}

func TestPauseAndResumeElsewhere(t *testing.T) {
	s := deskSite(t)
	b := newBrowser(t, s).open("/r/lamp?lang=en").answer("answer", "red")
	place := b.path
	b.answer("do", "pause").sees("is kept")
	code := regexp.MustCompile(`[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}`).FindString(b.page)
	if code == "" {
		t.Fatal("no code is shown")
	}
	phone := newBrowser(t, s)
	for _, wrong := range []string{"", "nonsense", "0000-0000-0000", code[:9]} {
		if r := phone.send("POST", "/resume", form("code="+escape(wrong))); r.StatusCode != 422 {
			t.Errorf("code %q: %d", wrong, r.StatusCode)
		}
	}
	phone.open("/resume/"+strings.ReplaceAll(code, "-", "")).sees(code, `action="/resume"`)
	typed := strings.ToLower(strings.ReplaceAll(code, "-", " "))
	phone.follow(phone.send("POST", "/resume", form("code="+escape(typed))), "/resume").sees("Who are you?")
	if phone.path != place {
		t.Errorf("the phone is at %s, want %s", phone.path, place)
	}
	phone.answer("f.who", "Camille").sees("Hello Camille")
	if r := newBrowser(t, s).send("POST", "/resume", form("code="+code)); r.StatusCode != 422 {
		t.Errorf("a code that was used opens again: %d", r.StatusCode)
	}
	if other := newBrowser(t, s).open("/r/lamp?lang=en"); phone.open(other.path).status != 404 {
		t.Error("the phone opens another execution too")
	}
}

func TestResumeWithAnAccount(t *testing.T) {
	s := deskSite(t)
	addUser(t, s, "camille", access.User, "production")
	addUser(t, s, "other", access.User, "production")
	b := signedInAs(t, s, "camille").open("/r/lamp?lang=en").answer("do", "pause")
	code := regexp.MustCompile(`[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}`).FindString(b.page)
	if r := signedInAs(t, s, "other").send("POST", "/resume", form("code="+code)); r.StatusCode != 422 {
		t.Errorf("someone else's account opens it: %d", r.StatusCode)
	}
	if r := newBrowser(t, s).send("POST", "/resume", form("code="+code)); !strings.HasPrefix(r.Header.Get("Location"), "/login?next=") {
		t.Errorf("a stranger is sent to %q", r.Header.Get("Location"))
	}
	b = signedInAs(t, s, "camille")
	b.follow(b.send("POST", "/resume", form("code="+code)), "/resume").sees("What colour?")
	b.open("/me/executions").sees("The lamp is broken", "Going on")
}

func TestSwappedPages(t *testing.T) {
	s := deskSite(t)
	b := newBrowser(t, s).open("/r/lamp?lang=en")
	values := b.fields().Encode()
	r := b.send("POST", b.path, form(values+"&answer=red"), header(swapHeader, "1"))
	body := text(t, r)
	if r.StatusCode != 200 || !strings.HasPrefix(strings.TrimSpace(body), "<main") || !strings.HasSuffix(r.Header.Get("Swap-Url"), "/name") {
		t.Errorf("%d %q %.80s", r.StatusCode, r.Header.Get("Swap-Url"), body)
	}
	r = b.send("POST", b.path, form(values+"&answer=none"), header(swapHeader, "1"))
	if body := text(t, r); r.StatusCode != 422 || !strings.Contains(body, `id="problems"`) || strings.Contains(body, "<html") {
		t.Errorf("a refused answer: %d %.80s", r.StatusCode, body)
	}
}

func TestPostit(t *testing.T) {
	s := deskSite(t)
	b := newBrowser(t, s).open("/r/lamp?lang=en")
	if b.answer("do", "postit", "postit", " "); b.status != 422 {
		t.Errorf("an empty note: %d", b.status)
	}
	b.answer("do", "postit", "postit", "The lamp is <b>blue</b>").sees("your note has gone", "What colour?")
	kept, err := s.activity.Postits(t.Context(), postitsOf(b))
	if err != nil || len(kept) != 1 || kept[0].Text != "The lamp is <b>blue</b>" || kept[0].Step != "colour" {
		t.Errorf("%+v %v", kept, err)
	}
}

// TestNoLineIsForged looks at what the log holds after nasty requests.
func TestNoLineIsForged(t *testing.T) {
	var log safeBuffer
	s := deskSite(t, func(c *Config) { c.Log = textLog(&log) })
	for _, answer := range nasty {
		newBrowser(t, s).open("/r/lamp?lang=en&ctx.room="+escape(answer), header("User-Agent", "x")).answer("answer", "red", "note", answer)
		ask(s, "GET", "/"+url.PathEscape(answer))
	}
	for _, line := range strings.Split(strings.TrimSpace(log.String()), "\n") {
		if !strings.HasPrefix(line, "time=") || strings.ContainsAny(line, "\x1b") || strings.Contains(line, "forged") || strings.Contains(line, "alert(1)") {
			t.Errorf("log: %q", line)
		}
	}
}

func TestWithoutAConnectionTheErrorBranchIsTaken(t *testing.T) {
	b := newBrowser(t, deskSite(t, func(c *Config) { c.Demo = false })).open("/r/order?lang=en")
	b.answer("answer", "yes").sees("Could not order")
	b.answer("do", "back").answer("answer", "no").sees("Nothing ordered")
}

func TestOneTicketForManyClicks(t *testing.T) {
	s := deskSite(t)
	b := newBrowser(t, s).open("/r/order?lang=en")
	values := b.fields().Encode() + "&answer=yes"
	numbers := make([]string, 6)
	var all sync.WaitGroup
	for i := range numbers {
		all.Go(func() {
			page := text(t, b.send("POST", b.path, form(values), header(swapHeader, "1")))
			numbers[i] = regexp.MustCompile(`T-[0-9A-F]{6}`).FindString(page)
		})
	}
	all.Wait()
	for _, n := range numbers {
		if n == "" || n != numbers[0] {
			t.Errorf("tickets %v", numbers)
		}
	}
	if turns, err := s.activity.Turns(t.Context(), strings.Split(b.path, "/")[2]); err != nil || len(turns) != 2 {
		t.Errorf("%d turns were kept, want 2 (%v)", len(turns), err)
	}
}
