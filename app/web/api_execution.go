package web

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"selfhelp/app/execution"
	"selfhelp/app/fault"
	"selfhelp/app/procedure"
	"selfhelp/store"
)

// apiStart begins an execution.
type apiStart struct {
	Lang    string         `json:"lang,omitempty"`    // of the content; the one asked for in Accept-Language otherwise
	Channel string         `json:"channel,omitempty"` // where the person is: api, embed or agent
	Params  map[string]any `json:"params,omitempty"`  // inputs that the procedure declares
}

// channels are those that a call may say it stands in.
var channels = []string{"api", "embed", "agent"}

// apiState is where an execution stands.
type apiState struct {
	ID        string            `json:"id"`
	Procedure string            `json:"procedure"` // alias of the entry point
	Domain    string            `json:"domain"`
	Version   string            `json:"version"`
	Turn      int64             `json:"turn"` // what an answer to this page names
	Ended     bool              `json:"ended"`
	Outcome   procedure.Outcome `json:"outcome,omitempty"`
	Page      *execution.Page   `json:"page"`
	Secret    string            `json:"secret,omitempty"` // shown once: Authorization: Bearer of a visitor's own execution
	Code      string            `json:"code,omitempty"`   // with which a person resumes a paused execution on the portal
}

// apiBegin starts an execution. A visitor nobody knows gets a secret with it.
func (s *Site) apiBegin(w http.ResponseWriter, v *visit) error {
	body, err := readJSON[apiStart](v)
	if err != nil {
		return err
	}
	if body.Channel == "" {
		body.Channel = channels[0]
	}
	switch {
	case !slices.Contains(channels, body.Channel):
		return fault.InField("channel", "fault.api.channel")
	case body.Lang != "" && !slices.Contains(v.place.project.Languages, body.Lang):
		return fault.InField("lang", "fault.api.language")
	case len(body.Params) > 100:
		return fault.InField("params", "fault.api.many")
	}
	if body.Lang == "" {
		body.Lang = v.content(v.place.project)
	}
	secret := ""
	if !v.who.SignedIn() {
		v.who.ID = "visitor-" + store.NewID()
	}
	turn, context, err := s.openingTurn(v, body.Channel, body.Lang, body.Params)
	if err != nil {
		return err
	}
	if _, err := s.keepStart(v, turn, context); err != nil {
		return err
	}
	if !v.who.SignedIn() {
		secret = s.signBearer(context.ID, v.who.ID)
	}
	state, err := s.stateNow(v)
	if err != nil {
		return err
	}
	state.Secret = secret
	w.Header().Set("Location", apiRoot+"/executions/"+context.ID)
	return showJSON(w, http.StatusCreated, mediaJSON, state)
}

// apiNow gives where an execution stands.
func (s *Site) apiNow(w http.ResponseWriter, v *visit) error {
	state, err := s.stateNow(v)
	if err != nil {
		return err
	}
	return showAPI(w, state)
}

func (s *Site) stateNow(v *visit) (apiState, error) {
	j, last, err := s.reopen(v)
	if err != nil {
		return apiState{}, err
	}
	at, err := j.standAt(string(last.State), last.Seq, "")
	if err != nil {
		return apiState{}, err
	}
	return stateOf(v, at), nil
}

// stateOf is where an execution stands, as the API says it.
func stateOf(v *visit, at stand) apiState {
	state := apiState{
		ID: v.pass.execution, Procedure: v.pass.alias, Domain: v.pass.domain, Version: v.pass.version, Turn: at.turn, Page: at.page,
	}
	if at.page.Ending != nil {
		state.Ended, state.Outcome = true, at.page.Ending.Outcome
	}
	return state
}

// apiAnswer answers a page: with a form's values, or with data.
type apiAnswer struct {
	Turn   int64               `json:"turn"` // of the page that is answered
	Step   string              `json:"step"` // of that page
	Values map[string][]string `json:"values,omitempty"`
	Data   any                 `json:"data,omitempty"` // an answer's id, or an object of a form's values
}

func (s *Site) apiAnswers(w http.ResponseWriter, v *visit) error {
	body, err := readJSON[apiAnswer](v)
	if err != nil {
		return err
	}
	if body.Step == "" {
		return fault.InField("step", "fault.api.step")
	}
	return s.apiMove(w, v, body.Turn, execution.Input{Kind: execution.DoAnswer, Step: body.Step, Values: body.Values, Data: body.Data})
}

// apiTurn names the page on which something is done.
type apiTurn struct {
	Turn int64 `json:"turn"`
}

// apiTool does what a page's tool of that kind does.
func (s *Site) apiTool(kind execution.InputKind) handler {
	return func(w http.ResponseWriter, v *visit) error {
		body, err := readJSON[apiTurn](v)
		if err != nil {
			return err
		}
		return s.apiMove(w, v, body.Turn, execution.Input{Kind: kind})
	}
}

// apiFeedback says whether it helped.
type apiFeedback struct {
	Turn    int64  `json:"turn"`
	Score   int    `json:"score"`
	Comment string `json:"comment,omitempty"`
}

func (s *Site) apiOpinion(w http.ResponseWriter, v *visit) error {
	body, err := readJSON[apiFeedback](v)
	if err != nil {
		return err
	}
	return s.apiMove(w, v, body.Turn, execution.Input{Kind: execution.DoFeedback, Values: map[string][]string{
		execution.NameScore: {strconv.Itoa(body.Score)}, execution.NameComment: {body.Comment},
	}})
}

// apiComment tells the writers something about a page.
type apiComment struct {
	Turn int64  `json:"turn"`
	Text string `json:"text"`
}

func (s *Site) apiPostit(w http.ResponseWriter, v *visit) error {
	body, err := readJSON[apiComment](v)
	if err != nil {
		return err
	}
	return s.apiMove(w, v, body.Turn, execution.Input{Kind: execution.DoPostit, Values: map[string][]string{execution.NameComment: {body.Text}}})
}

// apiMove does something on the page of a turn. It drives the execution as the
// player does, from the state that was kept with the page: sent twice, the same
// is one turn.
func (s *Site) apiMove(w http.ResponseWriter, v *visit, turn int64, in execution.Input) error {
	if turn < 1 {
		return fault.InField("turn", "fault.api.turn")
	}
	b, err := s.bundleOf(v, v.pass)
	if err != nil {
		return err
	}
	kept, err := s.activity.Turn(v.Context(), v.pass.execution, turn)
	if fault.Is(err, fault.NotFound) {
		return fault.InField("turn", "fault.api.turn")
	}
	if err != nil {
		return err
	}
	if in.Step == "" {
		in.Step = kept.Step
	}
	state, err := s.sealer.Open(string(kept.State), v.pass.execution)
	if err != nil {
		return err
	}
	at, err := s.journey(v, b).move(state, in, turn)
	if err != nil {
		return err
	}
	if len(at.problems) > 0 {
		return s.refuseMove(w, v, at)
	}
	reply := stateOf(v, at)
	if in.Kind == execution.DoPause {
		code := newCode()
		if err := s.activity.PauseExecution(v.Context(), v.pass.execution, s.keys.mark("resume", code), s.entryName(v, v.pass)); err != nil {
			return err
		}
		reply.Code = spaced(code)
	}
	return showAPI(w, reply)
}

// refuseMove says what is wrong with each field, and gives the page again.
func (s *Site) refuseMove(w http.ResponseWriter, v *visit, at stand) error {
	state := stateOf(v, at)
	p := v.problem(fault.Invalid, fault.New(fault.Invalid, "fault.form"))
	p.Fields, p.Execution = map[string]string{}, &state
	for field, m := range at.problems {
		p.Fields[field] = m.In(at.page.Language)
	}
	return showJSON(w, p.Status, mediaProblem, p)
}

// apiReportOf gives the report of an execution.
func (s *Site) apiReportOf(w http.ResponseWriter, v *visit) error {
	b, err := s.bundleOf(v, v.pass)
	if err != nil {
		return err
	}
	events, err := s.eventsOf(v)
	if err != nil {
		return err
	}
	return showAPI(w, execution.Report(b, events))
}

// apiRow is an execution as statistics count it: who it was of is not in it.
type apiRow struct {
	ID        string            `json:"id"`
	Procedure string            `json:"procedure"` // UID
	Alias     string            `json:"alias"`
	Version   string            `json:"version"`
	Channel   string            `json:"channel"`
	Language  string            `json:"language"`
	Started   time.Time         `json:"started"`
	Touched   time.Time         `json:"touched"`
	Ended     time.Time         `json:"ended,omitzero"`
	Outcome   procedure.Outcome `json:"outcome,omitempty"`
	Step      string            `json:"step"` // showing, or the last shown
	Turns     int64             `json:"turns"`
	Seconds   float64           `json:"seconds"`
}

// apiRows is a page of executions.
type apiRows struct {
	Executions []apiRow `json:"executions"`
	Next       string   `json:"next,omitempty"` // cursor of the next page
}
