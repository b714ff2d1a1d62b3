package portal

import (
	"log/slog"
	"net/http"
	"net/url"
	"strconv"

	"selfhelp/app/execution"
	"selfhelp/app/fault"
	"selfhelp/app/web/drive"
	"selfhelp/app/web/frame"
	"selfhelp/store"
	"selfhelp/views"
	"selfhelp/views/ui"
)

// goOn leads to the page where an execution stands, taking it up again when it
// was kept aside.
func (s *Portal) goOn(w http.ResponseWriter, v *frame.Visit) error {
	j, last, err := s.Reopen(v)
	if err != nil {
		return err
	}
	state, err := s.Sealer.Open(string(last.State), v.Pass.Execution)
	if err != nil {
		return err
	}
	if !state.Paused() {
		return s.goWhereItStands(w, v, j, last)
	}
	at, err := j.Move(state, execution.Input{Kind: execution.DoResume}, last.Seq)
	if err != nil {
		return err
	}
	return s.lead(w, v, j, at)
}

// showStep shows a page of an execution: the one where it stands, or an
// earlier one, from which one may go on otherwise. A step that was never shown
// cannot be jumped to.
func (s *Portal) showStep(w http.ResponseWriter, v *frame.Visit) error {
	j, last, err := s.Reopen(v)
	if err != nil {
		return err
	}
	page := drive.PageOf(v)
	at, err := j.StandAt(string(last.State), last.Seq, page)
	if fault.Is(err, fault.NotFound) || fault.Is(err, fault.Conflict) {
		there, serr := j.StandAt(string(last.State), last.Seq, "")
		if serr != nil || there.Page.Address == page {
			return err
		}
		return frame.GoTo(w, v, drive.PageAddress(v.Pass.Execution, there.Page.Address))
	}
	if err != nil {
		return err
	}
	if at.Page.Address != page {
		return frame.GoTo(w, v, drive.PageAddress(v.Pass.Execution, at.Page.Address))
	}
	if at.Token == string(last.State) && at.Token != v.Carried.State { // where it stands, not an earlier page
		s.Carry(w, v, at)
	}
	return s.showPage(w, v, j, at, http.StatusOK)
}

// goWhereItStands leads to the page where an execution stands after its last
// turn.
func (s *Portal) goWhereItStands(w http.ResponseWriter, v *frame.Visit, j *drive.Journey, last store.Turn) error {
	at, err := j.StandAt(string(last.State), last.Seq, "")
	if err != nil {
		return err
	}
	return s.lead(w, v, j, at)
}

// lead leads to the page where an execution stands. Where the browser cannot carry that
// along, the page is the reply itself: another server would have nothing to show at its address.
func (s *Portal) lead(w http.ResponseWriter, v *frame.Visit, j *drive.Journey, at drive.Stand) error {
	address := drive.PageAddress(v.Pass.Execution, at.Page.Address)
	if s.Carry(w, v, at) {
		return frame.GoTo(w, v, address)
	}
	w.Header().Set("Swap-Url", address)
	return s.showPage(w, v, j, at, http.StatusOK)
}

// answer takes what a person did on a page: an answer, or one of its tools.
func (s *Portal) answer(w http.ResponseWriter, v *frame.Visit) error {
	posted, err := s.readAnswer(v)
	if err != nil {
		return err
	}
	s.Answers(v, posted)
	b, err := s.BundleOf(v, v.Pass)
	if err != nil {
		return err
	}
	state, err := s.Sealer.Open(posted.Token, v.Pass.Execution)
	if err != nil {
		s.Log.LogAttrs(v.Context(), slog.LevelWarn, "state token refused", slog.String("request", v.ID), slog.String("execution", v.Pass.Execution))
		return err
	}
	j := s.Journey(v, b)
	at, err := j.Move(state, posted.Input, posted.Turn)
	if fault.Is(err, fault.Conflict) { // the page is no longer the one that shows
		return frame.GoTo(w, v, "/x/"+v.Pass.Execution)
	}
	if err != nil {
		return err
	}
	return s.answered(w, v, j, at, posted.Input.Kind)
}

// answered shows what an answer led to. A page shown again with what is wrong,
// or in another part, is the reply itself; any other has its own address, to
// which a browser without script is sent.
func (s *Portal) answered(w http.ResponseWriter, v *frame.Visit, j *drive.Journey, at drive.Stand, did execution.InputKind) error {
	carried := at.At.IsZero() || s.Carry(w, v, at) // nothing was kept, or it is carried
	switch {
	case len(at.Problems) > 0:
		return s.showPage(w, v, j, at, http.StatusUnprocessableEntity)
	case did == execution.DoPause:
		return s.pause(w, v, j, at)
	case did == execution.DoPostit:
		s.Say(w, ui.OK, "player.postit.sent")
	}
	address := drive.PageAddress(v.Pass.Execution, at.Page.Address)
	if did == execution.DoSpeak { // the whole page: what surrounds it speaks too
		if err := s.KeepTongue(w, v, at.Page.Language); err != nil {
			return err
		}
		return s.showPage(w, v, j, at, http.StatusOK)
	}
	if v.Fragment && did != execution.DoPostit || did == execution.DoBrowse || !carried {
		w.Header().Set("Swap-Url", address)
		return s.showPage(w, v, j, at, http.StatusOK)
	}
	return frame.GoTo(w, v, address)
}

// showPage shows a page of an execution, in the language of the execution.
func (s *Portal) showPage(w http.ResponseWriter, v *frame.Visit, j *drive.Journey, at drive.Stand, status int) error {
	v.Words = ui.In(at.Page.Language, v.Words.Lang())
	here := frame.Place{Domain: v.Pass.Domain, Project: j.Project()}
	page := views.Player{
		Chrome: s.PortalChrome(v, here, at.Page.Title), Page: at.Page, Token: at.Token, Turn: at.Turn, Address: "/x/" + v.Pass.Execution,
		Portal: ui.Place{Name: v.Words.T("player.leave"), URL: here.Address()},
	}
	page.Chrome.Scripts = drive.PlayerScripts
	page.Chrome.Tongues, page.Chrome.Speaks = frame.PageTongues(here.Project, at.Page), "turn"
	page.Chrome.Look = s.LookOf(here.Project, at.Page.Theme, at.Page.Language)
	page.Chrome.Here = drive.PageAddress(v.Pass.Execution, at.Page.Address)
	page.Chrome.Flash = s.Said(w, v)
	page.Pass = s.Sign(v, at)
	page.Elsewhere = s.sentElsewhere(at)
	if m, wrong := at.Problems[execution.NameComment]; wrong && v.PostFormValue("do") == "postit" {
		page.Postit, page.Note = m.In(at.Page.Language), v.PostFormValue("postit")
	}
	if at.Page.Link != nil && at.Page.Link.Frame {
		frame.AllowFrames(w.Header(), originOf(at.Page.Link.URL))
	}
	if at.Page.Wait != nil && !v.Fragment {
		seconds := max(1, int(at.Page.Wait.Until.Sub(s.Now()).Seconds())+1)
		w.Header().Set("Refresh", strconv.Itoa(min(seconds, 3600))+"; url="+page.Address+"/after-wait")
	}
	return frame.ShowStatus(w, v, status, page.View())
}

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
func (s *Portal) waited(w http.ResponseWriter, v *frame.Visit) error {
	j, last, err := s.Reopen(v)
	if err != nil {
		return err
	}
	state, err := s.Sealer.Open(string(last.State), v.Pass.Execution)
	if err != nil {
		return err
	}
	if _, waits := state.Waiting(); !waits {
		return s.goWhereItStands(w, v, j, last)
	}
	at, err := j.Move(state, execution.Input{Kind: execution.DoResume}, last.Seq)
	if err != nil {
		return err
	}
	return s.lead(w, v, j, at)
}
