package procedure

// Step is one node of a procedure. Exactly one of the parts below the common
// properties is set, and says what type of step it is (Kind).
type Step struct {
	ID    string `json:"id" is:"id"` // [a-z][a-z0-9_]{0,62}, unique in its procedure, never changed
	Title Text   `json:"title,omitzero" is:"text,template,title"`
	Text  Text   `json:"text,omitzero" is:"text,template,markdown"` // CommonMark body of an interactive step
	Note  string `json:"note,omitempty" is:"note"`                  // for writers only

	Next     string   `json:"next,omitempty" is:"step"`          // where it goes unless an edge of its part says otherwise
	OnError  string   `json:"on_error,omitempty" is:"step"`      // where it goes when it fails
	When     string   `json:"when,omitempty" is:"formula,truth"` // formula; the step is passed over (to Next) when false
	NoBack   bool     `json:"no_back,omitempty"`                 // a person may not go back from here
	Unlogged bool     `json:"unlogged,omitempty"`                // its answer is left out of the report
	Seconds  int      `json:"seconds,omitempty" range:"0 86400"` // time limit of its effect; 0: the platform's
	Label    string   `json:"label,omitempty" is:"word"`         // name in statistics
	Tags     []string `json:"tags,omitempty" is:"word"`
	Icon     string   `json:"icon,omitempty" is:"word"`
	Colour   string   `json:"colour,omitempty" one:"blue green amber red violet"` // name of a colour of the Studio: "", blue, green, amber, red, violet
	Theme    Theme    `json:"theme,omitzero"`
	Frame    string   `json:"frame,omitempty" is:"frame"` // id of the frame it stands in

	// Flow.
	Start *Start `json:"start,omitempty"`
	End   *End   `json:"end,omitempty"`
	Call  *Call  `json:"call,omitempty"`
	Jump  *Jump  `json:"jump,omitempty"`
	Each  *Each  `json:"each,omitempty"`
	// Interactive.
	Page     *Page     `json:"page,omitempty"`
	Question *Question `json:"question,omitempty"`
	Choices  *Choices  `json:"choices,omitempty"`
	Form     *FormStep `json:"form,omitempty"`
	Table    *Table    `json:"table,omitempty"`
	Upload   *Upload   `json:"upload,omitempty"`
	Link     *Link     `json:"link,omitempty"`
	Feedback *Feedback `json:"feedback,omitempty"`
	Confirm  *Confirm  `json:"confirm,omitempty"`
	Handover *Handover `json:"handover,omitempty"`
	// Automatic.
	Test       *Test       `json:"test,omitempty"`
	Switch     *Switch     `json:"switch,omitempty"`
	Set        *Set        `json:"set,omitempty"`
	Script     *Script     `json:"script,omitempty"`
	REST       *REST       `json:"rest,omitempty"`
	SOAP       *SOAP       `json:"soap,omitempty"`
	Ticket     *Ticket     `json:"ticket,omitempty"`
	Mail       *Mail       `json:"mail,omitempty"`
	Breakpoint *Breakpoint `json:"breakpoint,omitempty"`
	Wait       *Wait       `json:"wait,omitempty"`
	Log        *Log        `json:"log,omitempty"`
	Locale     *Locale     `json:"locale,omitempty"`
	Directory  *Directory  `json:"directory,omitempty"`
	Search     *Search     `json:"search,omitempty"`
	// Layout: in the Studio only.
	Box    *Box    `json:"box,omitempty"`
	Sticky *Sticky `json:"sticky,omitempty"`
}

// StepType is the type of a step, the name of its part in YAML and JSON.
type StepType string

// The types of step, in the order the Studio offers them.
const (
	StepStart      StepType = "start"
	StepPage       StepType = "page"
	StepQuestion   StepType = "question"
	StepChoices    StepType = "choices"
	StepForm       StepType = "form"
	StepTable      StepType = "table"
	StepUpload     StepType = "upload"
	StepLink       StepType = "link"
	StepConfirm    StepType = "confirm"
	StepFeedback   StepType = "feedback"
	StepHandover   StepType = "handover"
	StepTest       StepType = "test"
	StepSwitch     StepType = "switch"
	StepSet        StepType = "set"
	StepScript     StepType = "script"
	StepREST       StepType = "rest"
	StepSOAP       StepType = "soap"
	StepTicket     StepType = "ticket"
	StepMail       StepType = "mail"
	StepDirectory  StepType = "directory"
	StepSearch     StepType = "search"
	StepWait       StepType = "wait"
	StepLog        StepType = "log"
	StepLocale     StepType = "locale"
	StepBreakpoint StepType = "breakpoint"
	StepCall       StepType = "call"
	StepJump       StepType = "jump"
	StepEach       StepType = "each"
	StepEnd        StepType = "end"
	StepBox        StepType = "box"
	StepSticky     StepType = "sticky"
)

// Family says who takes part in a step.
type Family string

// The families.
const (
	Interactive Family = "interactive" // a page that a person sees
	Automatic   Family = "automatic"   // unseen
	Flow        Family = "flow"        // where the journey goes
	Layout      Family = "layout"      // in the Studio only
)
