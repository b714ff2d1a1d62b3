package procedure

// Page shows the step's text and its buttons.
type Page struct {
	Buttons  []Button `json:"buttons,omitempty" yaml:"buttons,omitempty"`     // none: one, "Next"
	SidePane bool     `json:"side_pane,omitempty" yaml:"side_pane,omitempty"` // in a conversation, shown beside it instead of in a bubble
}

// Button is an answer of a page; its id is the result.
type Button struct {
	ID   string `json:"id" yaml:"id"`
	Text Text   `json:"text" yaml:"text"`
	To   string `json:"to,omitempty" yaml:"to,omitempty"` // empty: the step's Next
}

// Answer is one of the answers of a question.
type Answer struct {
	ID       string   `json:"id" yaml:"id"` // unique in its step, never changed
	Text     Text     `json:"text" yaml:"text"`
	Hint     Text     `json:"hint,omitzero" yaml:"hint,omitempty"`
	Image    string   `json:"image,omitempty" yaml:"image,omitempty"`       // resource
	Value    string   `json:"value,omitempty" yaml:"value,omitempty"`       // result; empty: its id
	When     string   `json:"when,omitempty" yaml:"when,omitempty"`         // formula; offered only when true
	Audience []string `json:"audience,omitempty" yaml:"audience,omitempty"` // offered only to these groups
	To       string   `json:"to,omitempty" yaml:"to,omitempty"`             // empty: the step's Next
}

// Options makes answers from a list at run time.
type Options struct {
	List  string `json:"list,omitempty" yaml:"list,omitempty"`   // formula
	Table string `json:"table,omitempty" yaml:"table,omitempty"` // or a resource of kind table
	Value string `json:"value,omitempty" yaml:"value,omitempty"` // formula over item; empty: item itself
	Text  string `json:"text,omitempty" yaml:"text,omitempty"`   // formula over item; empty: the value
	REST  *REST  `json:"rest,omitempty" yaml:"rest,omitempty"`   // or a call whose reply is the list
}

// Presentation is how answers look.
type Presentation string

// The presentations. The zero value is buttons.
const (
	AsButtons Presentation = ""
	AsList    Presentation = "list"
	AsTiles   Presentation = "tiles"
	AsRadio   Presentation = "radio"
)

// Question asks for exactly one answer.
type Question struct {
	Answers []Answer     `json:"answers,omitempty" yaml:"answers,omitempty"`
	From    *Options     `json:"from,omitempty" yaml:"from,omitempty"` // more answers, after the written ones; they go to Next
	As      Presentation `json:"as,omitempty" yaml:"as,omitempty"`
	Default string       `json:"default,omitempty" yaml:"default,omitempty"` // formula giving a value
	Into    string       `json:"into,omitempty" yaml:"into,omitempty"`       // variable that gets the value, if any
}

// Choices asks for several answers; the result is the list of their values.
type Choices struct {
	Answers []Answer     `json:"answers,omitempty" yaml:"answers,omitempty"` // their To is not used
	From    *Options     `json:"from,omitempty" yaml:"from,omitempty"`
	As      Presentation `json:"as,omitempty" yaml:"as,omitempty"`
	Min     int          `json:"min,omitempty" yaml:"min,omitempty"`
	Max     int          `json:"max,omitempty" yaml:"max,omitempty"` // 0: as many as there are
	Default string       `json:"default,omitempty" yaml:"default,omitempty"`
	Into    string       `json:"into,omitempty" yaml:"into,omitempty"`
}

// FormStep shows a form, its own or a resource.
type FormStep struct {
	Form     `yaml:",inline"`
	Resource string    `json:"resource,omitempty" yaml:"resource,omitempty"` // resource of kind form, instead of fields
	Prefill  []Binding `json:"prefill,omitempty" yaml:"prefill,omitempty"`   // field name → formula, over the field's own default
	Submit   Text      `json:"submit,omitzero" yaml:"submit,omitempty"`      // label of the button; empty: "Continue"
}

// Column is one column of a table of choices.
type Column struct {
	ID    string `json:"id" yaml:"id"`
	Title Text   `json:"title" yaml:"title"`
	Value string `json:"value" yaml:"value"` // formula over item
}

// Table asks to pick rows of a list. The result is the row, or the list of
// rows when Multiple.
type Table struct {
	From     Options  `json:"from" yaml:"from"`
	Columns  []Column `json:"columns" yaml:"columns"`
	Multiple bool     `json:"multiple,omitempty" yaml:"multiple,omitempty"`
	Filter   bool     `json:"filter,omitempty" yaml:"filter,omitempty"`       // show a search box
	PageSize int      `json:"page_size,omitempty" yaml:"page_size,omitempty"` // rows a page; 0: 20
	Optional bool     `json:"optional,omitempty" yaml:"optional,omitempty"`
	Into     string   `json:"into,omitempty" yaml:"into,omitempty"`
}

// Upload asks for files. The result is the list of {name, type, size, hash}.
type Upload struct {
	Types []string `json:"types,omitempty" yaml:"types,omitempty"`   // media types like image/* or application/pdf; none: any safe one
	MaxMB int      `json:"max_mb,omitempty" yaml:"max_mb,omitempty"` // a file; 0: 10
	Min   int      `json:"min,omitempty" yaml:"min,omitempty"`
	Max   int      `json:"max,omitempty" yaml:"max,omitempty"` // 0: 1
	Into  string   `json:"into,omitempty" yaml:"into,omitempty"`
}

// Link leads to a page elsewhere and comes back. The result is true when it
// was opened.
type Link struct {
	URL   string `json:"url" yaml:"url"`                         // template of an http(s) address
	Text  Text   `json:"text,omitzero" yaml:"text,omitempty"`    // what the link says
	Frame bool   `json:"frame,omitempty" yaml:"frame,omitempty"` // shown inside the page instead of a new tab
	Visit bool   `json:"visit,omitempty" yaml:"visit,omitempty"` // must be opened to go on
}

// Feedback asks how it went. The result is {score, comment}.
type Feedback struct {
	Scale    FeedbackScale `json:"scale,omitempty" yaml:"scale,omitempty"`
	Comment  bool          `json:"comment,omitempty" yaml:"comment,omitempty"`
	Required bool          `json:"required,omitempty" yaml:"required,omitempty"`
}

// FeedbackScale is what a score is given on.
type FeedbackScale string

// The scales: up or down (1 or 0), one to five, nought to ten.
const (
	ScaleThumbs FeedbackScale = ""
	ScaleFive   FeedbackScale = "five"
	ScaleTen    FeedbackScale = "ten"
)

// Confirm asks yes or no. The result is a boolean; it goes to Yes or No, or to
// Next where one is empty.
type Confirm struct {
	YesText Text   `json:"yes_text,omitzero" yaml:"yes_text,omitempty"`
	NoText  Text   `json:"no_text,omitzero" yaml:"no_text,omitempty"`
	Yes     string `json:"yes,omitempty" yaml:"yes,omitempty"`
	No      string `json:"no,omitempty" yaml:"no,omitempty"`
}

// Handover offers to pass the person to a colleague, with the transcript. It
// goes to Next when accepted, to Refused when not.
type Handover struct {
	Queue      string `json:"queue" yaml:"queue"`
	Available  string `json:"available,omitempty" yaml:"available,omitempty"` // formula; when false the step goes to Refused at once
	Transcript bool   `json:"transcript,omitempty" yaml:"transcript,omitempty"`
	Refused    string `json:"refused,omitempty" yaml:"refused,omitempty"`
}
