package procedure

// PageLayout is how the words and the media of a page stand on it. Media are
// the images, films and sounds that have a paragraph of its text to themselves.
type PageLayout string

// The layouts. The zero value leaves media where the text has them, and puts
// what can be chosen or filled in beside it where the window is wide; buttons
// to go on stand below it.
const (
	LayoutText       PageLayout = ""
	LayoutMediaFirst PageLayout = "media_first" // media, then the words, then the buttons
	LayoutBeside     PageLayout = "beside"      // media beside the words where the window is wide, below on a phone
	LayoutWide       PageLayout = "wide"        // as the text has it, as wide as the window: for tables and screens
)

// Page shows the step's text and its buttons.
type Page struct {
	Layout   PageLayout `json:"layout,omitempty"`
	Buttons  []Button   `json:"buttons,omitempty"`   // none: one, "Next"
	SidePane bool       `json:"side_pane,omitempty"` // in a conversation, shown beside it instead of in a bubble
}

// Button is an answer of a page; its id is the result.
type Button struct {
	ID   string `json:"id" is:"id"`
	Text Text   `json:"text" is:"text,template,title"`
	To   string `json:"to,omitempty" is:"step"` // empty: the step's Next
}

// Answer is one of the answers of a question.
type Answer struct {
	ID       string   `json:"id" is:"id"` // unique in its step, never changed
	Text     Text     `json:"text" is:"text,template,title"`
	Hint     Text     `json:"hint,omitzero" is:"text,template"`
	Image    string   `json:"image,omitempty" is:"resource,image"` // resource
	Value    string   `json:"value,omitempty" is:"word"`           // result; empty: its id
	When     string   `json:"when,omitempty" is:"formula,truth"`   // formula; offered only when true
	Audience []string `json:"audience,omitempty" is:"group"`       // offered only to these groups
	To       string   `json:"to,omitempty" is:"step"`              // empty: the step's Next
}

// Options makes answers from a list at run time.
type Options struct {
	List  string `json:"list,omitempty" is:"formula,list"`    // formula
	Table string `json:"table,omitempty" is:"resource,table"` // or a resource of kind table
	Value string `json:"value,omitempty" is:"formula,item"`   // formula over item; empty: item itself
	Text  string `json:"text,omitempty" is:"formula,item"`    // formula over item; empty: the value
	REST  *REST  `json:"rest,omitempty"`                      // or a call whose reply is the list
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
	Answers []Answer     `json:"answers,omitempty"`
	From    *Options     `json:"from,omitempty"` // more answers, after the written ones; they go to Next
	As      Presentation `json:"as,omitempty"`
	Default string       `json:"default,omitempty" is:"formula"` // formula giving a value
	Into    string       `json:"into,omitempty" is:"variable"`   // variable that gets the value, if any
}

// Choices asks for several answers; the result is the list of their values.
type Choices struct {
	Answers []Answer     `json:"answers,omitempty"` // their To is not used
	From    *Options     `json:"from,omitempty"`
	As      Presentation `json:"as,omitempty"`
	Min     int          `json:"min,omitempty" range:"0 1000"`
	Max     int          `json:"max,omitempty" range:"0 1000"` // 0: as many as there are
	Default string       `json:"default,omitempty" is:"formula"`
	Into    string       `json:"into,omitempty" is:"variable"`
}

// FormStep shows a form, its own or a resource.
type FormStep struct {
	Form
	Resource string    `json:"resource,omitempty" is:"resource,form"` // resource of kind form, instead of fields
	Prefill  []Binding `json:"prefill,omitempty"`                     // field name → formula, over the field's own default
	Submit   Text      `json:"submit,omitzero" is:"text,template"`    // label of the button; empty: "Continue"
}

// Column is one column of a table of choices.
type Column struct {
	ID    string `json:"id" is:"id"`
	Title Text   `json:"title" is:"text,template,title"`
	Value string `json:"value" is:"formula,item"` // formula over item
}

// Table asks to pick rows of a list. The result is the row, or the list of
// rows when Multiple.
type Table struct {
	From     Options  `json:"from"`
	Columns  []Column `json:"columns"`
	Multiple bool     `json:"multiple,omitempty"`
	Filter   bool     `json:"filter,omitempty"`                  // show a search box
	PageSize int      `json:"page_size,omitempty" range:"0 500"` // rows a page; 0: 20
	Optional bool     `json:"optional,omitempty"`
	Into     string   `json:"into,omitempty" is:"variable"`
}

// Upload asks for files. The result is the list of {name, type, size, hash}.
type Upload struct {
	Types []string `json:"types,omitempty" is:"media"`      // media types like image/* or application/pdf; none: any safe one
	MaxMB int      `json:"max_mb,omitempty" range:"0 1024"` // a file; 0: 10
	Min   int      `json:"min,omitempty" range:"0 100"`
	Max   int      `json:"max,omitempty" range:"0 100"` // 0: 1
	Into  string   `json:"into,omitempty" is:"variable"`
}

// Link leads to a page elsewhere and comes back. The result is true when it
// was opened.
type Link struct {
	URL   string `json:"url" is:"template,url"`            // template of an http(s) address
	Text  Text   `json:"text,omitzero" is:"text,template"` // what the link says
	Frame bool   `json:"frame,omitempty"`                  // shown inside the page instead of a new tab
	Visit bool   `json:"visit,omitempty"`                  // must be opened to go on
}

// Feedback asks how it went. The result is {score, comment}.
type Feedback struct {
	Scale    FeedbackScale `json:"scale,omitempty"`
	Comment  bool          `json:"comment,omitempty"`
	Required bool          `json:"required,omitempty"`
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
	YesText Text   `json:"yes_text,omitzero" is:"text,template"`
	NoText  Text   `json:"no_text,omitzero" is:"text,template"`
	Yes     string `json:"yes,omitempty" is:"step"`
	No      string `json:"no,omitempty" is:"step"`
}

// Handover offers to pass the person to a colleague, with the transcript. It
// goes to Next when accepted, to Refused when not.
type Handover struct {
	Queue      string `json:"queue" is:"word"`
	Available  string `json:"available,omitempty" is:"formula,truth"` // formula; when false the step goes to Refused at once
	Transcript bool   `json:"transcript,omitempty"`
	Refused    string `json:"refused,omitempty" is:"step"`
}
