package execution

import "selfhelp/app/execution/form"

// InputKind says what a person or the driver did.
type InputKind string

// The kinds of input.
const (
	DoAnswer   InputKind = "answer"   // answer the page that is showing, or go on from a breakpoint
	DoBack     InputKind = "back"     // to the page before
	DoRestart  InputKind = "restart"  // from the Start again
	DoBrowse   InputKind = "browse"   // filter or turn the pages of a table, or refresh a form's conditions; answers nothing
	DoPause    InputKind = "pause"    // keep the journey aside
	DoResume   InputKind = "resume"   // take it up again, or see whether a wait is over
	DoResult   InputKind = "result"   // the reply to an effect
	DoSpeak    InputKind = "speak"    // in another language of the project; answers nothing, and keeps what is filled in
	DoPostit   InputKind = "postit"   // leave words for the writer
	DoFeedback InputKind = "feedback" // score and comment on the outcome page
)

// The names under which pages expect their values in Input.Values. The fields
// of a form are posted under their Input name, which holds a dot, so that no
// field hides one of these.
const (
	NameAnswer  = "answer"   // button, answer or answers, row keys of a table, yes or no, accept or refuse
	NameKept    = "kept"     // hashes of files sent before that stay
	NameFiles   = "files"    // files of an upload, in Input.Files
	NameVisited = "visited"  // "true" when a link was opened
	NameScore   = "score"    // of a feedback
	NameComment = "comment"  // of a feedback, text of a post-it
	NameFilter  = "filter"   // words a table is filtered by
	NameSheet   = "sheet"    // sheet of a table to show, from 1
	NameSpeak   = "language" // to go on in
	NameSeen    = form.Seen  // optional: ids of the fields the person saw, when a script shows and hides them
)

// Input is what happens to an execution: a person's move or an effect's reply.
type Input struct {
	Kind   InputKind           `json:"kind"`
	Step   string              `json:"step,omitempty"`   // step the person saw; a stale one is a fault.Conflict
	Values map[string][]string `json:"values,omitempty"` // a form as it was posted; or
	Data   any                 `json:"data,omitempty"`   // the answer as a value: id, boolean, list, or object of a form's values
	Files  map[string][]File   `json:"files,omitempty"`  // files the driver received and stored, by input name
	Result *EffectResult       `json:"result,omitempty"` // of a DoResult

	replayed bool // values that are masked were right
}

// Turn is what one input caused. Exactly one of Page and Effect is set; Page
// also when the execution has ended.
type Turn struct {
	// Key names the turn: the same input on the same state gives the same key.
	// A driver that has appended a turn with this key already answers with what
	// it appended and does nothing twice.
	Key      string
	State    State
	Page     *Page
	Effect   *Effect
	Ended    *Ending            // set when the execution is over; its page is Page
	Events   []Event            // to append to the log, in order, before anything is shown
	Problems map[string]Message // input name → what is wrong; the page is shown again with what was given
}
