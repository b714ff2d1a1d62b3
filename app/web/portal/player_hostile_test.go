package portal_test

import (
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"

	"selfhelp/app/access"
	"selfhelp/app/procedure"
	"selfhelp/app/publication"
	"selfhelp/app/web/frame"
	"selfhelp/app/web/webtest"
)

// nasty are answers that mean something elsewhere.
var nasty = []string{
	`"><script>alert(1)</script>`, `<img src=x onerror=alert(1)>`, `{{7*7}}`, `{{ user.login }}`, `${env}`, `#who#`, `**bold** [x](javascript:alert(1))`,
	"line\nlevel=ERROR msg=forged", "\x1b[31mred", "\u202Eevil", "zero\u200bwidth", `'; DROP TABLE turn; --`, "javascript:alert(1)", "=HYPERLINK(\"http://evil\")",
}

func TestAnswersAreOnlyEverText(t *testing.T) {
	s := webtest.DeskSite(t)
	for _, answer := range nasty {
		b := webtest.NewBrowser(t, s).Open("/r/lamp?lang=en&ctx.room="+webtest.Escape(answer)).Answer("answer", "red")
		b.Answer("do", "answer", "f.who", answer)
		if b.Status != 200 {
			continue // refused, with words that say why
		}
		b.Sees("Hello").SeesNot("<script>alert", "<img src=x", "Hello 49", `href="javascript`, "<strong>bold", "onerror=alert(1)>")
		b.Answer("answer", "next").Open(strings.TrimSuffix(b.Path, "/done")+"/report").SeesNot("<script>alert", "<img src=x")
	}
}

func TestNoStepCanBeJumpedTo(t *testing.T) {
	b := webtest.NewBrowser(t, webtest.DeskSite(t)).Open("/r/lamp?lang=en")
	id := strings.Split(b.Path, "/")[2]
	for _, step := range []string{"done", "echo", "start", "nowhere", "report%00", strings.Repeat("a", 5000)} {
		if b.Open("/x/" + id + "/" + step); b.Path != "/x/"+id+"/colour" && b.Status != 404 {
			t.Errorf("step %.20s: %s answers %d", step, b.Path, b.Status)
		}
	}
	b.Open("/x/" + id + "/colour")
	values := b.Fields()
	values.Set("answer", "next")
	b.Follow(b.Send("POST", "/x/"+id+"/echo", webtest.Form(values.Encode())), b.Path).Sees("What colour?")
}

func TestOnlyWhatIsOfferedIsTaken(t *testing.T) {
	b := webtest.NewBrowser(t, webtest.DeskSite(t)).Open("/r/lamp?lang=en")
	for _, pairs := range [][]string{
		{"answer", "hidden"}, {"answer", "staff"}, {"answer", "purple"}, {"answer", ""}, {"answer", "red", "answer", "green"}, {}, {"do", "answer", "answer", "=red"}, {"answer[]", "green"},
	} {
		if b.Answer(pairs...); b.Status != 422 || !strings.Contains(b.Page, "What colour?") {
			t.Errorf("%q: %d", pairs, b.Status)
		}
	}
	if r := b.Post("do", "explode"); r.StatusCode != 422 {
		t.Errorf("a move that does not exist: %d", r.StatusCode)
	}
	b.Open("/r/lamp?lang=en").Answer("answer", "red")
	for _, pairs := range [][]string{{"f.who", "x", "f.age", "one"}, {"f.who", "x", "f.who", "y"}, {"f.age", "4"}, {"f.who", strings.Repeat("x", 5000)}, {"f.who", "x", "f.age", "1e309"}, {"f.who", "x", "f.age", "NaN"}} {
		if b.Answer(pairs...); b.Status != 422 {
			t.Errorf("%.40q: %d", pairs, b.Status)
		}
	}
}

func TestAnotherPersonsExecutionDoesNotExist(t *testing.T) {
	s := webtest.DeskSite(t)
	webtest.AddUser(t, s, "camille", access.User, "production")
	mine := webtest.NewBrowser(t, s).Open("/r/lamp?lang=en")
	fields := mine.Fields()
	own := webtest.SignedInAs(t, s, "camille").Open("/r/lamp?lang=en")
	for name, other := range map[string]*webtest.Browser{"a stranger": webtest.NewBrowser(t, s), "someone with an execution": webtest.NewBrowser(t, s).Open("/r/lamp"), "an account": webtest.SignedInAs(t, s, "camille")} {
		for _, path := range []string{mine.Path, strings.TrimSuffix(mine.Path, "/colour"), strings.TrimSuffix(mine.Path, "/colour") + "/report", "/x/aaaaaaaaaaaaaaaaaaaaaaaaaa/colour"} {
			if other.Open(path); other.Status != 404 {
				t.Errorf("%s opens %s: %d", name, path, other.Status)
			}
		}
		r := other.Send("POST", mine.Path, webtest.Form(fields.Encode()+"&answer=green"))
		if r.StatusCode != 404 {
			t.Errorf("%s answers in it: %d", name, r.StatusCode)
		}
	}
	if other := webtest.NewBrowser(t, s).Open(own.Path); other.Status != 404 {
		t.Errorf("a stranger opens an account's: %d", other.Status)
	}
	if !regexp.MustCompile(`^/x/[a-z2-7]{26}/`).MatchString(mine.Path) {
		t.Errorf("%s does not hold 128 random bits", mine.Path)
	}
}

func TestTokensOfOthersAreRefused(t *testing.T) {
	s := webtest.DeskSite(t)
	a, b := webtest.NewBrowser(t, s).Open("/r/lamp?lang=en"), webtest.NewBrowser(t, s).Open("/r/lamp?lang=en")
	for name, token := range map[string]string{
		"another execution's": a.Fields().Get("state"), "none": "x", "empty": "", "changed": flip(b.Fields().Get("state")), "huge": strings.Repeat("A", 200_000),
	} {
		values := b.Fields()
		values.Set("state", token)
		if r := b.Send("POST", b.Path, webtest.Form(values.Encode()+"&answer=green")); r.StatusCode != 422 {
			t.Errorf("%s token: %d", name, r.StatusCode)
		}
	}
	values := b.Fields()
	values.Set("pass", a.Fields().Get("pass"))
	if r := b.Send("POST", b.Path, webtest.Form(values.Encode()+"&answer=green")); r.StatusCode != 303 {
		t.Errorf("the pass of another execution, on one's own: %d", r.StatusCode)
	}
}

func flip(token string) string {
	b := []byte(token)
	b[len(b)/2] ^= 1
	return string(b)
}

func TestDoubleClickIsOneAnswer(t *testing.T) {
	s := webtest.DeskSite(t)
	b := webtest.NewBrowser(t, s).Open("/r/lamp?lang=en")
	first, second := b.Post("answer", "red"), b.Post("answer", "red")
	if first.Header.Get("Location") != second.Header.Get("Location") {
		t.Errorf("one leads to %s, the other to %s", first.Header.Get("Location"), second.Header.Get("Location"))
	}
	var all sync.WaitGroup
	values := b.Fields().Encode() + "&answer=green"
	places := make([]string, 8)
	for i := range places {
		all.Go(func() { places[i] = b.Send("POST", b.Path, webtest.Form(values)).Header.Get("Location") })
	}
	all.Wait()
	for _, place := range places {
		if place != places[0] || place == "" {
			t.Errorf("one leads to %q, another to %q", places[0], place)
		}
	}
	turns, err := s.Activity.Turns(t.Context(), strings.Split(b.Path, "/")[2])
	if err != nil || len(turns) != 3 {
		t.Errorf("%d turns were kept, want 3 (%v)", len(turns), err)
	}
}

func TestBackAndAnotherBranch(t *testing.T) {
	s := webtest.DeskSite(t)
	b := webtest.NewBrowser(t, s).Open("/r/lamp?lang=en").Answer("answer", "red")
	b.Answer("f.who", "Camille").Answer("do", "back").Answer("do", "back").Sees("What colour?", "Your previous answer")
	b.Answer("answer", "green").Sees("Mended")
	b.Open(strings.TrimSuffix(b.Path, "/done")+"/report").Sees("Who are you?", "Mended", "branch left")
	b.Open("/x/" + strings.Split(b.Path, "/")[2]).Sees("Mended")
}

func TestExecutionsEndOnTheirVersion(t *testing.T) {
	s := webtest.DeskSite(t)
	one := webtest.NewBrowser(t, s).Open("/r/lamp?lang=en")
	other := webtest.NewBrowser(t, s).Open("/r/lamp?lang=en")
	second := webtest.Desk(t)
	for _, p := range second.Procedures {
		if p.Alias == "lamp" {
			p.Step("done").Title = procedure.T("Neuve", "Brand new")
		}
	}
	v1 := webtest.Published{Domain: "production", Project: webtest.Desk(t), Number: publication.Number{Major: 1}}
	v2 := webtest.Published{Domain: "production", Project: second, Number: publication.Number{Major: 2}}
	v1.Gone = true
	webtest.Publish(t, s, v1, v2)
	one.Answer("answer", "green").Sees("Mended").SeesNot("Brand new")
	webtest.NewBrowser(t, s).Open("/r/lamp?lang=en").Answer("answer", "green").Sees("Brand new")
	if b := webtest.NewBrowser(t, s).Open("/r/lamp?v=1.0"); b.Status != 404 {
		t.Errorf("a withdrawn version is begun: %d", b.Status)
	}
	webtest.Publish(t, s, v2)
	if r := other.Post("answer", "green"); r.StatusCode != 503 || !strings.Contains(webtest.Text(t, r), "start again") {
		t.Errorf("when its version is gone, an execution answers %d", r.StatusCode)
	}
}

func TestWhatIsNoEntryPointHasNoAddress(t *testing.T) {
	s := webtest.DeskSite(t)
	boss := webtest.AddUser(t, s, "boss", access.Administrator)
	boss.Everywhere = true
	if _, err := s.Content.SaveUser(t.Context(), boss, "test"); err != nil {
		t.Fatal(err)
	}
	webtest.AddUser(t, s, "writer", access.Writer, "production")
	for _, b := range []*webtest.Browser{webtest.NewBrowser(t, s), webtest.SignedInAs(t, s, "boss"), webtest.SignedInAs(t, s, "writer")} {
		for _, path := range []string{"/r/part", "/r/partaaaaaaaaaaaaaaaaaaaaaa", "/r/nowhere", "/r/lamp?v=9.9", "/r/lamp?v=x", "/r/lamp?in=sandbox"} {
			if b.Open(path); b.Status != 404 {
				t.Errorf("%s answers %d", path, b.Status)
			}
		}
	}
}

func TestLinksDoNothingInTheWorld(t *testing.T) {
	s := webtest.DeskSite(t)
	b := webtest.NewBrowser(t, s).Open("/r/at-once?lang=en").Sees("At once", `method="post"`, "Start")
	if len(b.Fields()) > 0 {
		t.Error("a procedure that acts at once was begun by a link")
	}
	b.Follow(b.Send("POST", "/r/at-once", webtest.Form("lang=en")), "/r/at-once").Sees("Done")
	for name, value := range map[string]string{"Sec-Fetch-Dest": "image", "Sec-Purpose": "prefetch"} {
		b := webtest.NewBrowser(t, s).Open("/r/lamp", webtest.Header(name, value))
		if len(b.Fields()) > 0 || b.Status != 200 {
			t.Errorf("%s: %s began an execution", name, value)
		}
	}
	if r := b.Send("POST", "/r/at-once", webtest.Form(""), webtest.Header("Origin", "https://evil.example")); r.StatusCode != 403 {
		t.Errorf("another site begins it: %d", r.StatusCode)
	}
}

func TestSwarmsAreSlowedDown(t *testing.T) {
	s := webtest.DeskSite(t, func(c *frame.Config) { c.Limits.Starts = frame.Rate{PerSecond: 0.001, Burst: 5} })
	for i := range 6 {
		r := webtest.Ask(s, "GET", "/r/lamp")
		if want := map[bool]int{true: 303, false: 429}[i < 5]; r.StatusCode != want {
			t.Errorf("start %d: %d, want %d", i, r.StatusCode, want)
		}
	}
}

func TestFormsAreBounded(t *testing.T) {
	s := webtest.DeskSite(t)
	b := webtest.NewBrowser(t, s).Open("/r/lamp?lang=en").Answer("answer", "red")
	for name, c := range map[string]struct {
		body   string
		status []int
	}{
		"a value of a megabyte": {b.Fields().Encode() + "&f.who=" + strings.Repeat("x", 1<<20), []int{413, 422}},
		"many values":           {b.Fields().Encode() + strings.Repeat("&a=b", 20_000), []int{422}},
		"broken escapes":        {b.Fields().Encode() + "&f.who=%zz", []int{422}},
		"not a text":            {b.Fields().Encode() + "&f.who=%ff%fe", []int{200, 303, 422}},
		"a nought":              {b.Fields().Encode() + "&f.who=a%00b", []int{303, 422}},
	} {
		r := b.Send("POST", b.Path, webtest.Form(c.body))
		if !contains(c.status, r.StatusCode) {
			t.Errorf("%s: %d", name, r.StatusCode)
		}
	}
	if r := b.Send("POST", b.Path, webtest.Form(b.Fields().Encode()), webtest.Header("Content-Type", "text/plain")); r.StatusCode == 500 || r.StatusCode == 303 {
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
	s := webtest.DeskSite(t)
	b := webtest.NewBrowser(t, s).Open("/r/lamp?lang=en").Answer("answer", "red")
	place := b.Path
	b.Answer("do", "pause").Sees("is kept")
	code := regexp.MustCompile(`[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}`).FindString(b.Page)
	if code == "" {
		t.Fatal("no code is shown")
	}
	phone := webtest.NewBrowser(t, s)
	for _, wrong := range []string{"", "nonsense", "0000-0000-0000", code[:9]} {
		if r := phone.Send("POST", "/resume", webtest.Form("code="+webtest.Escape(wrong))); r.StatusCode != 422 {
			t.Errorf("code %q: %d", wrong, r.StatusCode)
		}
	}
	phone.Open("/resume/"+strings.ReplaceAll(code, "-", "")).Sees(code, `action="/resume"`)
	typed := strings.ToLower(strings.ReplaceAll(code, "-", " "))
	phone.Follow(phone.Send("POST", "/resume", webtest.Form("code="+webtest.Escape(typed))), "/resume").Sees("Who are you?")
	if phone.Path != place {
		t.Errorf("the phone is at %s, want %s", phone.Path, place)
	}
	phone.Answer("f.who", "Camille").Sees("Hello Camille")
	if r := webtest.NewBrowser(t, s).Send("POST", "/resume", webtest.Form("code="+code)); r.StatusCode != 422 {
		t.Errorf("a code that was used opens again: %d", r.StatusCode)
	}
	if other := webtest.NewBrowser(t, s).Open("/r/lamp?lang=en"); phone.Open(other.Path).Status != 404 {
		t.Error("the phone opens another execution too")
	}
}

func TestResumeWithAnAccount(t *testing.T) {
	s := webtest.DeskSite(t)
	webtest.AddUser(t, s, "camille", access.User, "production")
	webtest.AddUser(t, s, "other", access.User, "production")
	b := webtest.SignedInAs(t, s, "camille").Open("/r/lamp?lang=en").Answer("do", "pause")
	code := regexp.MustCompile(`[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}`).FindString(b.Page)
	if r := webtest.SignedInAs(t, s, "other").Send("POST", "/resume", webtest.Form("code="+code)); r.StatusCode != 422 {
		t.Errorf("someone else's account opens it: %d", r.StatusCode)
	}
	if r := webtest.NewBrowser(t, s).Send("POST", "/resume", webtest.Form("code="+code)); !strings.HasPrefix(r.Header.Get("Location"), "/login?next=") {
		t.Errorf("a stranger is sent to %q", r.Header.Get("Location"))
	}
	b = webtest.SignedInAs(t, s, "camille")
	b.Follow(b.Send("POST", "/resume", webtest.Form("code="+code)), "/resume").Sees("What colour?")
	b.Open("/me/executions").Sees("The lamp is broken", "Going on")
}

func TestSwappedPages(t *testing.T) {
	s := webtest.DeskSite(t)
	b := webtest.NewBrowser(t, s).Open("/r/lamp?lang=en")
	values := b.Fields().Encode()
	r := b.Send("POST", b.Path, webtest.Form(values+"&answer=red"), webtest.Header(frame.SwapHeader, "1"))
	body := webtest.Text(t, r)
	if r.StatusCode != 200 || !strings.HasPrefix(strings.TrimSpace(body), "<main") || !strings.HasSuffix(r.Header.Get("Swap-Url"), "/name") {
		t.Errorf("%d %q %.80s", r.StatusCode, r.Header.Get("Swap-Url"), body)
	}
	r = b.Send("POST", b.Path, webtest.Form(values+"&answer=none"), webtest.Header(frame.SwapHeader, "1"))
	if body := webtest.Text(t, r); r.StatusCode != 422 || !strings.Contains(body, `id="problems"`) || strings.Contains(body, "<html") {
		t.Errorf("a refused answer: %d %.80s", r.StatusCode, body)
	}
}

func TestPostit(t *testing.T) {
	s := webtest.DeskSite(t)
	b := webtest.NewBrowser(t, s).Open("/r/lamp?lang=en")
	if b.Answer("do", "postit", "postit", " "); b.Status != 422 {
		t.Errorf("an empty note: %d", b.Status)
	}
	b.Answer("do", "postit", "postit", "The lamp is <b>blue</b>").Sees("your note has gone", "What colour?")
	kept, err := s.Activity.Postits(t.Context(), webtest.PostitsOf(b))
	if err != nil || len(kept) != 1 || kept[0].Text != "The lamp is <b>blue</b>" || kept[0].Step != "colour" {
		t.Errorf("%+v %v", kept, err)
	}
}

// TestNoLineIsForged looks at what the log holds after nasty requests.
func TestNoLineIsForged(t *testing.T) {
	var log webtest.SafeBuffer
	s := webtest.DeskSite(t, func(c *frame.Config) { c.Log = webtest.TextLog(&log) })
	for _, answer := range nasty {
		webtest.NewBrowser(t, s).Open("/r/lamp?lang=en&ctx.room="+webtest.Escape(answer), webtest.Header("User-Agent", "x")).Answer("answer", "red", "note", answer)
		webtest.Ask(s, "GET", "/"+url.PathEscape(answer))
	}
	for _, line := range strings.Split(strings.TrimSpace(log.String()), "\n") {
		if !strings.HasPrefix(line, "time=") || strings.ContainsAny(line, "\x1b") || strings.Contains(line, "forged") || strings.Contains(line, "alert(1)") {
			t.Errorf("log: %q", line)
		}
	}
}

func TestWithoutAConnectionTheErrorBranchIsTaken(t *testing.T) {
	b := webtest.NewBrowser(t, webtest.DeskSite(t, func(c *frame.Config) { c.Demo = false })).Open("/r/order?lang=en")
	b.Answer("answer", "yes").Sees("Could not order")
	b.Answer("do", "back").Answer("answer", "no").Sees("Nothing ordered")
}

func TestOneTicketForManyClicks(t *testing.T) {
	s := webtest.DeskSite(t)
	b := webtest.NewBrowser(t, s).Open("/r/order?lang=en")
	values := b.Fields().Encode() + "&answer=yes"
	numbers := make([]string, 6)
	var all sync.WaitGroup
	for i := range numbers {
		all.Go(func() {
			page := webtest.Text(t, b.Send("POST", b.Path, webtest.Form(values), webtest.Header(frame.SwapHeader, "1")))
			numbers[i] = regexp.MustCompile(`T-[0-9A-F]{6}`).FindString(page)
		})
	}
	all.Wait()
	for _, n := range numbers {
		if n == "" || n != numbers[0] {
			t.Errorf("tickets %v", numbers)
		}
	}
	if turns, err := s.Activity.Turns(t.Context(), strings.Split(b.Path, "/")[2]); err != nil || len(turns) != 2 {
		t.Errorf("%d turns were kept, want 2 (%v)", len(turns), err)
	}
}
