package web

import (
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"selfhelp/app/execution"
	"selfhelp/app/fault"
	"selfhelp/app/publication"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// journey prepares the driving of an execution on its publication.
func (s *Site) journey(v *visit, b *publication.Bundle) *journey {
	return &journey{site: s, v: v, bundle: b, from: s.sources(v, v.pass)}
}

// goOn leads to the page where an execution stands, taking it up again when it
// was kept aside.
func (s *Site) goOn(w http.ResponseWriter, v *visit) error {
	j, last, err := s.reopen(v)
	if err != nil {
		return err
	}
	state, err := s.sealer.Open(string(last.State), v.pass.execution)
	if err != nil {
		return err
	}
	if !state.Paused() {
		return goTo(w, v, pageAddress(v.pass.execution, last.Step))
	}
	at, err := j.move(state, execution.Input{Kind: execution.DoResume}, last.Seq)
	if err != nil {
		return err
	}
	return goTo(w, v, pageAddress(v.pass.execution, at.page.Step))
}

// showStep shows a page of an execution: the one where it stands, or an
// earlier one, from which one may go on otherwise. A step that was never shown
// cannot be jumped to.
func (s *Site) showStep(w http.ResponseWriter, v *visit) error {
	j, last, err := s.reopen(v)
	if err != nil {
		return err
	}
	step := stepOf(v)
	at, err := j.standAt(string(last.State), last.Seq, step)
	if fault.Is(err, fault.NotFound) || fault.Is(err, fault.Conflict) {
		if step == last.Step {
			return err
		}
		return goTo(w, v, pageAddress(v.pass.execution, last.Step))
	}
	if err != nil {
		return err
	}
	if at.page.Step != step {
		return goTo(w, v, pageAddress(v.pass.execution, at.page.Step))
	}
	return s.showPage(w, v, j, at, http.StatusOK)
}

// reopen prepares the driving of an execution and reads its last turn.
func (s *Site) reopen(v *visit) (*journey, lastTurn, error) {
	b, err := s.bundleOf(v, v.pass)
	if err != nil {
		return nil, lastTurn{}, err
	}
	last, err := s.activity.Turn(v.Context(), v.pass.execution, 0)
	return s.journey(v, b), lastTurn{last.State, last.Step, last.Seq}, err
}

// lastTurn is where an execution stands as it is kept.
type lastTurn struct {
	State []byte
	Step  string
	Seq   int64
}

// move hands an input to the engine and keeps what comes of it.
func (j *journey) move(state execution.State, in execution.Input, parent int64) (stand, error) {
	unlock := j.site.executing.lock(j.v.pass.execution)
	defer unlock()
	turn, err := execution.Advance(j.bundle, state, in, j.site.now())
	if err != nil {
		return stand{}, err
	}
	done, err := j.settle(turn)
	if err != nil {
		return stand{}, err
	}
	return j.keep(done, parent)
}

// answer takes what a person did on a page: an answer, or one of its tools.
func (s *Site) answer(w http.ResponseWriter, v *visit) error {
	posted, err := s.readAnswer(v)
	if err != nil {
		return err
	}
	b, err := s.bundleOf(v, v.pass)
	if err != nil {
		return err
	}
	state, err := s.sealer.Open(posted.token, v.pass.execution)
	if err != nil {
		s.log.LogAttrs(v.Context(), slog.LevelWarn, "state token refused", slog.String("request", v.id), slog.String("execution", v.pass.execution))
		return err
	}
	j := s.journey(v, b)
	at, err := j.move(state, posted.input, posted.turn)
	if fault.Is(err, fault.Conflict) { // the page is no longer the one that shows
		return goTo(w, v, "/x/"+v.pass.execution)
	}
	if err != nil {
		return err
	}
	return s.answered(w, v, j, at, posted.input.Kind)
}

// answered shows what an answer led to. A page shown again with what is wrong,
// or in another part, is the reply itself; any other has its own address, to
// which a browser without script is sent.
func (s *Site) answered(w http.ResponseWriter, v *visit, j *journey, at stand, did execution.InputKind) error {
	switch {
	case len(at.problems) > 0:
		return s.showPage(w, v, j, at, http.StatusUnprocessableEntity)
	case did == execution.DoPause:
		return s.pause(w, v, j, at)
	case did == execution.DoPostit:
		s.say(w, ui.OK, "player.postit.sent")
	}
	address := pageAddress(v.pass.execution, at.page.Step)
	if did == execution.DoSpeak { // the whole page: what surrounds it speaks too
		if err := s.keepTongue(w, v, at.page.Language); err != nil {
			return err
		}
		return s.showPage(w, v, j, at, http.StatusOK)
	}
	if v.fragment && did != execution.DoPostit || did == execution.DoBrowse {
		w.Header().Set("Swap-Url", address)
		return s.showPage(w, v, j, at, http.StatusOK)
	}
	return goTo(w, v, address)
}

// showPage shows a page of an execution, in the language of the execution.
func (s *Site) showPage(w http.ResponseWriter, v *visit, j *journey, at stand, status int) error {
	v.words = ui.In(at.page.Language, v.words.Lang())
	here := place{domain: v.pass.domain, project: j.project()}
	page := views.Player{
		Chrome: s.portalChrome(v, here, at.page.Title), Page: at.page, Token: at.token, Turn: at.turn, Address: "/x/" + v.pass.execution,
		Portal: ui.Place{Name: v.words.T("player.leave"), URL: here.address()},
	}
	page.Chrome.Scripts = playerScripts
	page.Chrome.Tongues, page.Chrome.Speaks = pageTongues(here.project, at.page), "turn"
	page.Chrome.Look = s.lookOf(here.project, at.page.Theme, at.page.Language)
	page.Chrome.Here = pageAddress(v.pass.execution, at.page.Step)
	page.Chrome.Flash = s.said(w, v)
	page.Pass = s.passFor(v)
	if m, wrong := at.problems[execution.NameComment]; wrong && v.PostFormValue("do") == "postit" {
		page.Postit, page.Note = m.In(at.page.Language), v.PostFormValue("postit")
	}
	if at.page.Link != nil && at.page.Link.Frame {
		allowFrames(w.Header(), originOf(at.page.Link.URL))
	}
	if at.page.Wait != nil && !v.fragment {
		seconds := max(1, int(at.page.Wait.Until.Sub(s.now()).Seconds())+1)
		w.Header().Set("Refresh", strconv.Itoa(min(seconds, 3600))+"; url="+page.Address+"/after-wait")
	}
	return showStatus(w, v, status, page.View())
}

// passFor is the pass of the next page: the one that came, while its owner is
// the same.
func (s *Site) passFor(v *visit) string {
	if v.passed != "" && v.pass.owner == v.who.ID {
		return v.passed
	}
	v.pass.owner = v.who.ID
	return s.signPass(v.pass)
}

var playerScripts = []string{"player"}

// originOf is the part of an address that a policy names.
func originOf(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return "'none'"
	}
	return u.Scheme + "://" + u.Host
}

// waited goes on after a wait, for browsers without script, which are sent
// here when it is over.
func (s *Site) waited(w http.ResponseWriter, v *visit) error {
	j, last, err := s.reopen(v)
	if err != nil {
		return err
	}
	state, err := s.sealer.Open(string(last.State), v.pass.execution)
	if err != nil {
		return err
	}
	if _, waits := state.Waiting(); !waits {
		return goTo(w, v, pageAddress(v.pass.execution, last.Step))
	}
	at, err := j.move(state, execution.Input{Kind: execution.DoResume}, last.Seq)
	if err != nil {
		return err
	}
	return goTo(w, v, pageAddress(v.pass.execution, at.page.Step))
}

// people suggests accounts of the domain for a field that asks for a person,
// to those who have one there.
func (s *Site) people(w http.ResponseWriter, v *visit) error {
	words := queryOf(v)
	var page views.Suggestions
	if v.who.In(v.pass.domain) && len([]rune(words)) >= 3 {
		users, err := s.accountsBy(v.Context(), v.pass.domain, "", words)
		if err != nil {
			return err
		}
		for _, u := range users[:min(len(users), 8)] {
			if u.Active {
				page.Cards = append(page.Cards, views.Card{Title: views.Plain(u.Name()), Where: u.Mail, Icon: "account", Value: u.Login})
			}
		}
	}
	return show(w, v, page.Options())
}

// moves are what the buttons of a page ask for.
var moves = map[string]execution.InputKind{
	"": execution.DoAnswer, "answer": execution.DoAnswer, "back": execution.DoBack, "restart": execution.DoRestart, "browse": execution.DoBrowse,
	"pause": execution.DoPause, "resume": execution.DoResume, "postit": execution.DoPostit, "feedback": execution.DoFeedback,
}

// posted is a page's form as it came.
type posted struct {
	token string
	turn  int64
	input execution.Input
}

// ourFields are the names of the form that are not the engine's business.
var ourFields = []string{"state", "pass", "turn", "do", "postit"}

// input makes what the engine is given of a form.
func inputOf(values url.Values, step string) (posted, error) {
	kind, known := moves[values.Get("do")]
	if !known {
		return posted{}, fault.New(fault.Invalid, "fault.form.unreadable")
	}
	if values.Has(execution.NameSpeak) {
		kind = execution.DoSpeak
	}
	turn, err := strconv.ParseInt(values.Get("turn"), 10, 64)
	if err != nil || turn < 1 {
		return posted{}, fault.Because(fault.Invalid, err, "fault.form.unreadable")
	}
	if values.Has(execution.NameSheet) && kind == execution.DoAnswer {
		kind = execution.DoBrowse
	}
	p := posted{token: values.Get("state"), turn: turn, input: execution.Input{Kind: kind, Step: step, Values: map[string][]string{}}}
	if kind == execution.DoPostit {
		p.input.Values[execution.NameComment] = values["postit"]
		return p, nil
	}
	for name, given := range values {
		if !slices.Contains(ourFields, name) {
			p.input.Values[name] = given
		}
	}
	return p, nil
}
