package api

import (
	"mime"
	"net/http"
	"slices"
	"strconv"
	"time"

	"selfhelp/app/execution"
	"selfhelp/app/fault"
	"selfhelp/app/procedure"
	"selfhelp/app/web/drive"
	"selfhelp/app/web/frame"
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
	Failed    bool              `json:"failed,omitempty"` // a problem stopped it: back and restart may lead on
	Page      *execution.Page   `json:"page"`
	Secret    string            `json:"secret,omitempty"` // shown once: Authorization: Bearer of a visitor's own execution
	Code      string            `json:"code,omitempty"`   // with which a person resumes a paused execution on the portal
}

// begin starts an execution. A visitor nobody knows gets a secret with it.
func (s *API) begin(w http.ResponseWriter, v *frame.Visit) error {
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
	case body.Lang != "" && !slices.Contains(v.Place.Project.Languages, body.Lang):
		return fault.InField("lang", "fault.api.language")
	case len(body.Params) > 100:
		return fault.InField("params", "fault.api.many")
	}
	if body.Lang == "" {
		body.Lang = v.ContentLanguage(v.Place.Project)
	}
	secret := ""
	if !v.Who.SignedIn() {
		v.Who.ID = frame.VisitorPrefix + store.NewID()
	}
	turn, context, err := s.OpeningTurn(v, body.Channel, body.Lang, body.Params)
	if err != nil {
		return err
	}
	if _, err := s.KeepStart(v, turn, context); err != nil {
		return err
	}
	if !v.Who.SignedIn() {
		secret = s.signBearer(context.ID, v.Who.ID)
	}
	state, err := s.stateNow(v)
	if err != nil {
		return err
	}
	state.Secret = secret
	w.Header().Set("Location", apiRoot+"/executions/"+context.ID)
	return frame.ShowJSON(w, http.StatusCreated, mediaJSON, state)
}

// now gives where an execution stands.
func (s *API) now(w http.ResponseWriter, v *frame.Visit) error {
	state, err := s.stateNow(v)
	if err != nil {
		return err
	}
	return showAPI(w, state)
}

func (s *API) stateNow(v *frame.Visit) (apiState, error) {
	j, last, err := s.Reopen(v)
	if err != nil {
		return apiState{}, err
	}
	at, err := j.StandAt(string(last.State), last.Seq, "")
	if err != nil {
		return apiState{}, err
	}
	return stateOf(v, at), nil
}

// stateOf is where an execution stands, as the API says it.
func stateOf(v *frame.Visit, at drive.Stand) apiState {
	state := apiState{
		ID: v.Pass.Execution, Procedure: v.Pass.Alias, Domain: v.Pass.Domain, Version: v.Pass.Version, Turn: at.Turn, Page: at.Page,
		Failed: at.Page.Kind == execution.PageProblem,
	}
	if at.Page.Ending != nil {
		state.Ended, state.Outcome = true, at.Page.Ending.Outcome
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

func (s *API) answers(w http.ResponseWriter, v *frame.Visit) error {
	body, files, err := s.readAnswer(v)
	if err != nil {
		return err
	}
	if body.Step == "" {
		return fault.InField("step", "fault.api.step")
	}
	return s.move(w, v, body.Turn, execution.Input{Kind: execution.DoAnswer, Step: body.Step, Values: body.Values, Data: body.Data, Files: files})
}

// answerPart is the part of an answer with files that holds its JSON; the other
// parts are the files, each under the name of its input.
const (
	answerPart = "json"
	mediaParts = "multipart/form-data"
)

// readAnswer reads an answer: JSON, or JSON and files in parts.
func (s *API) readAnswer(v *frame.Visit) (apiAnswer, map[string][]execution.File, error) {
	if kind, _, _ := mime.ParseMediaType(v.Header.Get("Content-Type")); kind != mediaParts {
		body, err := readJSON[apiAnswer](v)
		return body, nil, err
	}
	values, files, err := s.ReadParts(v)
	if err != nil {
		return apiAnswer{}, nil, err
	}
	if len(values) != 1 || len(values[answerPart]) != 1 {
		return apiAnswer{}, nil, fault.InField(answerPart, "fault.api.parts")
	}
	body, err := decode[apiAnswer]([]byte(values.Get(answerPart)))
	if err == nil && body.Data != nil && len(files) > 0 {
		return body, nil, fault.InField("data", "fault.api.data_files")
	}
	return body, files, err
}

// apiTurn names the page on which something is done.
type apiTurn struct {
	Turn int64 `json:"turn"`
}

// tool does what a page's tool of that kind does.
func (s *API) tool(kind execution.InputKind) frame.Handler {
	return func(w http.ResponseWriter, v *frame.Visit) error {
		body, err := readJSON[apiTurn](v)
		if err != nil {
			return err
		}
		return s.move(w, v, body.Turn, execution.Input{Kind: kind})
	}
}

// apiFeedback says whether it helped.
type apiFeedback struct {
	Turn    int64  `json:"turn"`
	Score   int    `json:"score"`
	Comment string `json:"comment,omitempty"`
}

func (s *API) opinion(w http.ResponseWriter, v *frame.Visit) error {
	body, err := readJSON[apiFeedback](v)
	if err != nil {
		return err
	}
	return s.move(w, v, body.Turn, execution.Input{Kind: execution.DoFeedback, Values: map[string][]string{
		execution.NameScore: {strconv.Itoa(body.Score)}, execution.NameComment: {body.Comment},
	}})
}

// apiComment tells the writers something about a page.
type apiComment struct {
	Turn int64  `json:"turn"`
	Text string `json:"text"`
}

func (s *API) postit(w http.ResponseWriter, v *frame.Visit) error {
	body, err := readJSON[apiComment](v)
	if err != nil {
		return err
	}
	return s.move(w, v, body.Turn, execution.Input{Kind: execution.DoPostit, Values: map[string][]string{execution.NameComment: {body.Text}}})
}

// move does something on the page of a turn. It drives the execution as the
// player does, from the state that was kept with the page: sent twice, the same
// is one turn.
func (s *API) move(w http.ResponseWriter, v *frame.Visit, turn int64, in execution.Input) error {
	if turn < 1 {
		return fault.InField("turn", "fault.api.turn")
	}
	b, err := s.BundleOf(v, v.Pass)
	if err != nil {
		return err
	}
	kept, err := s.Activity.Turn(v.Context(), v.Pass.Execution, turn)
	if fault.Is(err, fault.NotFound) {
		return fault.InField("turn", "fault.api.turn")
	}
	if err != nil {
		return err
	}
	if in.Step == "" {
		in.Step = kept.Step
	}
	state, err := s.Sealer.Open(string(kept.State), v.Pass.Execution)
	if err != nil {
		return err
	}
	if namesOthersFiles(in.Data, state) {
		return fault.InField("data", "fault.api.files")
	}
	at, err := s.Journey(v, b).Move(state, in, turn)
	if err != nil {
		return err
	}
	if len(at.Problems) > 0 {
		return s.refuseMove(w, v, at)
	}
	reply := stateOf(v, at)
	if in.Kind == execution.DoPause {
		code := drive.NewCode()
		if err := s.Activity.PauseExecution(v.Context(), v.Pass.Execution, s.Keys.Mark("resume", code), s.EntryName(v, v.Pass)); err != nil {
			return err
		}
		reply.Code = drive.Spaced(code)
	}
	return showAPI(w, reply)
}

// namesOthersFiles reports whether data names a stored content that was not
// sent in this execution: who knows the hash of a file does not own it yet.
func namesOthersFiles(data any, state execution.State) bool {
	switch v := data.(type) {
	case []any:
		return slices.ContainsFunc(v, func(one any) bool { return namesOthersFiles(one, state) })
	case map[string]any:
		if hash, is := v["hash"].(string); is && len(hash) == 64 {
			if _, sent := state.FileSent(hash); !sent {
				return true
			}
		}
		for _, one := range v {
			if namesOthersFiles(one, state) {
				return true
			}
		}
	}
	return false
}

// apiProblem is a problem of an answer, with where the execution stands.
type apiProblem struct {
	frame.Problem
	Execution *apiState `json:"execution,omitempty"`
}

// refuseMove says what is wrong with each field, and gives the page again.
func (s *API) refuseMove(w http.ResponseWriter, v *frame.Visit, at drive.Stand) error {
	state := stateOf(v, at)
	p := apiProblem{v.Problem(fault.Invalid, fault.New(fault.Invalid, "fault.form")), &state}
	p.Fields = map[string]string{}
	for field, m := range at.Problems {
		p.Fields[field] = m.In(at.Page.Language)
	}
	return frame.ShowJSON(w, p.Status, frame.MediaProblem, p)
}

// reportOf gives the report of an execution.
func (s *API) reportOf(w http.ResponseWriter, v *frame.Visit) error {
	b, err := s.BundleOf(v, v.Pass)
	if err != nil {
		return err
	}
	events, err := s.EventsOf(v)
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
	Failed    bool              `json:"failed,omitempty"` // a problem stopped it, and nobody went on since
	Step      string            `json:"step"`             // showing, or the last shown
	Turns     int64             `json:"turns"`
	Millis    int64             `json:"duration_ms"`
}

// apiRows is a page of executions.
type apiRows struct {
	Executions []apiRow `json:"executions"`
	Next       string   `json:"next,omitempty"` // cursor of the next page
}
