package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"selfhelp/app/access"
	"selfhelp/app/login"
	"selfhelp/app/procedure"
	"selfhelp/store"
)

// The procedure that is edited.
const (
	editedSteps    = 500
	editedPassword = "deux cents lampes au plafond"
)

// branching is a procedure of many steps: pages, questions of two answers that
// part and meet again, and an end now and then.
func branching(steps int) *procedure.Procedure {
	p := &procedure.Procedure{Schema: procedure.Schema, UID: uid(steps), Alias: "long", Entry: true, Title: procedure.T("Le réseau ne répond plus", "The network is down")}
	p.Steps = append(p.Steps, procedure.Step{ID: "start", Start: &procedure.Start{}, Next: "s1"})
	for i := 1; i < steps; i++ {
		to := func(n int) string { return fmt.Sprintf("s%d", min(i+n, steps-1)) }
		s := procedure.Step{
			ID: fmt.Sprintf("s%d", i), Title: procedure.T(fmt.Sprint("Vérifiez le lien ", i), fmt.Sprint("Check link ", i)),
			Text: procedure.T("Regardez **derrière** l’appareil, puis dites ce que vous voyez.", "Look at the **back** of the device, then say what you see."),
		}
		switch {
		case i == steps-1 || i%11 == 0:
			s.End = &procedure.End{Outcome: procedure.Solved}
		case i%4 == 1:
			s.Question = &procedure.Question{Answers: []procedure.Answer{{ID: "yes", Text: procedure.T("Oui", "Yes"), To: to(1)}, {ID: "no", Text: procedure.T("Non", "No"), To: to(2)}}}
		default:
			s.Page, s.Next = &procedure.Page{}, to(3)
		}
		p.Steps = append(p.Steps, s)
	}
	return p
}

// editing is one writer at work on a long procedure: they type, save, add a
// step and undo, each answered with the parts of the page that changed.
func (m *measure) editing(ctx context.Context) error {
	address, err := m.fillStudio(ctx, "studio")
	if err != nil {
		return err
	}
	p, err := m.serve("studio")
	if err != nil {
		return err
	}
	defer p.stop()
	w, err := newWriter(p.addr, address)
	if err != nil {
		return err
	}
	took := map[string][]time.Duration{}
	var all []time.Duration
	var before time.Duration
	const warm = 5
	for round := 0; len(all) < 4*20 || time.Since(w.began) < 2*m.during; round++ {
		if round == warm {
			if before, err = p.processor(); err != nil {
				return err
			}
		}
		for _, e := range editsOf(round) {
			one, err := w.edit(e.fields)
			if err != nil {
				return fmt.Errorf("%s: %w", e.what, err)
			}
			if round >= warm {
				took[e.what], all = append(took[e.what], one), append(all, one)
			}
		}
	}
	after, err := p.processor()
	if err != nil {
		return err
	}
	m.add(fmt.Sprintf("a Studio edit on %d steps, processor time of the server alone", editedSteps), milliseconds((after-before)/time.Duration(len(all))), "", "", "")
	m.add(fmt.Sprintf("a Studio edit on %d steps, %d edits, p50 / p99", editedSteps, len(all)), timesOf(all), "", "", "p99 ≤ 50 ms")
	for _, e := range editsOf(0) {
		m.add("  "+e.what+", p50 / p99", timesOf(took[e.what]), fmt.Sprintf("%d kB sent back", w.sent[e.fields.Get("do")+e.fields.Get("quiet")]>>10), "", "")
	}
	return nil
}

// change is one kind of edit, as a form of the page posts it.
type change struct {
	what   string
	fields url.Values
}

func editsOf(round int) []change {
	step := fmt.Sprintf("s%d", editedSteps/2)
	typed := fmt.Sprintf("Vérifiez le lien, essai %d", round)
	return []change{
		{"type a title", url.Values{"do": {"save"}, "quiet": {"1"}, "step": {step}, "t:title:fr": {typed}}},
		{"save a step", url.Values{"do": {"save"}, "step": {step}, "t:title:fr": {typed + " bis"}}},
		{"add a step", url.Values{"do": {"add|page"}, "after": {step}, "words": {"Et maintenant ?"}}},
		{"undo", url.Values{"do": {"undo"}, "step": {step}}},
	}
}

// fillStudio makes a data folder with a long procedure and someone who may
// write it. It returns the address of its page.
func (m *measure) fillStudio(ctx context.Context, name string) (address string, err error) {
	if _, err := fill(ctx, m.folder(name), 10); err != nil {
		return "", err
	}
	st, e, err := openProduct(ctx, m.folder(name))
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, e.Close(), st.Close()) }()
	u, err := st.Content.CreateUser(ctx, store.User{Login: "writer", Role: access.Administrator, Everywhere: true, Active: true, Password: login.Hash(editedPassword)}, "bench")
	if err != nil {
		return "", err
	}
	project, err := st.Content.ProjectByAlias(ctx, "production", "bench")
	if err != nil {
		return "", err
	}
	made, err := st.Content.CreateProcedure(ctx, project.ID, branching(editedSteps), u.ID)
	if err != nil {
		return "", err
	}
	return "/studio/p/" + project.ID + "/d/" + made.UID, nil
}

// writer is a browser in which someone who writes is signed in.
type writer struct {
	http     http.Client
	post     string // where edits go
	revision int64
	began    time.Time
	sent     map[string]int // bytes of the last reply, by kind of edit
	drawing  string         // mark of the drawing that is shown
	cards    []string       // its cards
	marks    map[string]string
}

func newWriter(addr, address string) (*writer, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	w := &writer{http: http.Client{Jar: jar}, post: "http://" + addr + address + "/operations", sent: map[string]int{}}
	res, err := w.http.PostForm("http://"+addr+"/login", url.Values{"login": {"writer"}, "password": {editedPassword}, "next": {address}})
	if err != nil {
		return nil, err
	}
	page, err := io.ReadAll(res.Body)
	res.Body.Close()
	if err != nil || !w.read(page) {
		return nil, fmt.Errorf("the procedure's page is not shown: %d %w", res.StatusCode, err)
	}
	w.look(page)
	w.began = time.Now()
	return w, nil
}

// read finds the revision of a page; a reply to somebody who types has none.
func (w *writer) read(page []byte) (found bool) {
	_, after, _ := bytes.Cut(page, []byte(`name="revision" value="`))
	digits, _, _ := bytes.Cut(after, []byte(`"`))
	n, err := strconv.ParseInt(string(digits), 10, 64)
	if err == nil {
		w.revision = n
	}
	return err == nil
}

// The marks of a drawing and of its cards: of what has not changed, nothing is
// sent back.
var (
	drawingMark = regexp.MustCompile(`<svg class="canvas" data-mark="(\w+)"`)
	cardMark    = regexp.MustCompile(`<g id="card-([^"]+)" data-mark="(\w+)"`)
)

// look notes what a reply draws.
func (w *writer) look(page []byte) {
	if m := drawingMark.FindSubmatch(page); m != nil {
		w.drawing, w.cards, w.marks = string(m[1]), nil, map[string]string{}
	}
	for _, m := range cardMark.FindAllSubmatch(page, -1) {
		id := string(m[1])
		if _, shown := w.marks[id]; !shown {
			w.cards = append(w.cards, id)
		}
		w.marks[id] = string(m[2])
	}
}

// drawn is what the page says of the drawing that it shows.
func (w *writer) drawn() string {
	drawn := w.drawing
	for _, id := range w.cards {
		drawn += " " + w.marks[id]
	}
	return drawn
}

// edit posts an edit and waits for all of the reply.
func (w *writer) edit(fields url.Values) (time.Duration, error) {
	fields.Set("revision", strconv.FormatInt(w.revision, 10))
	fields.Set("lang", "fr")
	fields.Set("drawn", w.drawn())
	r, err := http.NewRequest("POST", w.post, strings.NewReader(fields.Encode()))
	if err != nil {
		return 0, err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Swap", "1")
	began := time.Now()
	res, err := w.http.Do(r)
	if err != nil {
		return 0, err
	}
	page, err := io.ReadAll(res.Body)
	took := time.Since(began)
	res.Body.Close()
	if err != nil || res.StatusCode != http.StatusOK {
		return 0, fmt.Errorf("answered %d: %.300s %w", res.StatusCode, page, err)
	}
	if before := w.revision; !w.read(page) {
		w.revision = before + 1
	}
	w.look(page)
	w.sent[fields.Get("do")+fields.Get("quiet")] = len(page)
	return took, nil
}

func timesOf(took []time.Duration) string {
	slices.Sort(took)
	return times(figures{Latency: took})
}
