package execution

import (
	"time"

	"selfhelp/app/procedure"
)

// PageKind says what a page asks.
type PageKind string

// The kinds of page: one per interactive step type, and those of the engine.
const (
	PageText       PageKind = "page"
	PageQuestion   PageKind = "question"
	PageChoices    PageKind = "choices"
	PageForm       PageKind = "form" // a form step, or the inputs that were missing at the start
	PageTable      PageKind = "table"
	PageUpload     PageKind = "upload"
	PageLink       PageKind = "link"
	PageConfirm    PageKind = "confirm"
	PageFeedback   PageKind = "feedback"
	PageHandover   PageKind = "handover"
	PageWait       PageKind = "wait"       // goes on by itself: send DoResume at Wait.Until
	PageBreakpoint PageKind = "breakpoint" // in a test
	PageEnd        PageKind = "end"
	PageProblem    PageKind = "problem" // the procedure met a problem; Back and Restart are offered
)

// Page is everything a view needs, in the person's language: a browser, a
// terminal, a conversation or the API show it without knowing procedures.
type Page struct {
	Execution string   `json:"execution"`
	Procedure string   `json:"procedure"` // UID of the procedure the step is of
	Step      string   `json:"step"`
	Address   string   `json:"-"` // names the page in its journey: the step's id, see nameOf
	Kind      PageKind `json:"kind"`
	Language  string   `json:"language"`         // wanted
	Spoken    string   `json:"spoken,omitempty"` // the one its words are in, when it has none in the wanted one
	Heading   string   `json:"heading"`          // title of the entry procedure
	Title     string   `json:"title,omitempty"`  // of the step
	Body      string   `json:"body,omitempty"`   // safe HTML
	Name      string   `json:"name,omitempty"`   // input name of the answer, for the kinds that have one

	Buttons  []Button               `json:"buttons,omitempty"` // ways on; the first is the main one
	Answers  []Answer               `json:"answers,omitempty"` // of a question or choices
	As       procedure.Presentation `json:"as,omitempty"`
	Min      int                    `json:"min,omitempty"` // answers, rows or files that must be given
	Max      int                    `json:"max,omitempty"` // that may be given; 0: no limit
	Fields   []Field                `json:"fields,omitempty"`
	Refresh  bool                   `json:"refresh,omitempty"` // a field depends on others in a way only the server can follow: send DoBrowse
	Table    *TableView             `json:"table,omitempty"`
	Upload   *UploadView            `json:"upload,omitempty"`
	Link     *LinkView              `json:"link,omitempty"`
	Feedback *FeedbackView          `json:"feedback,omitempty"` // of a feedback step or of an outcome that asks for it
	Wait     *WaitView              `json:"wait,omitempty"`
	Ending   *Ending                `json:"ending,omitempty"`
	SidePane bool                   `json:"side_pane,omitempty"`
	Layout   procedure.PageLayout   `json:"layout,omitempty"` // where its media stand

	Problem  string    `json:"problem,omitempty"` // sentence over the whole page, when something was refused
	Trail    []Crumb   `json:"trail,omitempty"`
	Progress *Progress `json:"progress,omitempty"` // only where the rest is a straight line

	CanBack    bool              `json:"can_back,omitempty"`
	CanRestart bool              `json:"can_restart,omitempty"`
	Paused     bool              `json:"paused,omitempty"`
	Toolbar    procedure.Toolbar `json:"toolbar,omitzero"`
	Theme      procedure.Theme   `json:"theme,omitzero"`
	Icon       string            `json:"icon,omitempty"`
	Test       bool              `json:"test,omitempty"`
	Watch      []Watched         `json:"watch,omitempty"` // in a test: the variables

	plain func() string
}

// Plain returns the body as plain words, for terminals and conversations.
func (p *Page) Plain() string {
	if p.plain == nil {
		return ""
	}
	return p.plain()
}

// Button is a way on from a page, posted under Page.Name.
type Button struct {
	ID   string `json:"id"`
	Text string `json:"text"`
}

// Answer is one answer a person may give, posted under Page.Name by its key.
type Answer struct {
	Key    string `json:"key"` // its id, or "=" and its value when it comes from a list
	Text   string `json:"text"`
	Hint   string `json:"hint,omitempty"`
	Image  *Image `json:"image,omitempty"`
	Chosen bool   `json:"chosen,omitempty"` // given before, or the default
}

// Image is a picture with the words for who cannot see it.
type Image struct {
	URL string `json:"url"`
	Alt string `json:"alt,omitempty"`
}

// Crumb is one page of the trail, the last one being the page that shows.
type Crumb struct {
	Procedure string `json:"procedure"`
	Step      string `json:"step"`
	Address   string `json:"-"` // as Page.Address
	Title     string `json:"title"`
	Place     int    `json:"place"` // from 1, along the whole trail
	Current   bool   `json:"current,omitempty"`
}

// Progress is where a person stands when the rest is a straight line.
type Progress struct {
	Place int `json:"place"` // of this page, from 1
	Of    int `json:"of"`
}

// TableView is a table of choices as one sheet shows it.
type TableView struct {
	Columns  []TableColumn `json:"columns"`
	Rows     []TableRow    `json:"rows"`
	Multiple bool          `json:"multiple,omitempty"`
	Filter   bool          `json:"filter,omitempty"` // show a search box
	Words    string        `json:"words,omitempty"`  // what it is filtered by
	Sheet    int           `json:"sheet"`            // from 1
	Sheets   int           `json:"sheets"`
	Found    int           `json:"found"`          // rows that pass the filter
	Total    int           `json:"total"`          // rows in all
	Kept     []string      `json:"kept,omitempty"` // keys of chosen rows not in sight, to be posted again
}

// TableColumn is the head of a column.
type TableColumn struct {
	ID    string `json:"id"`
	Title string `json:"title"`
}

// TableRow is one row, posted under Page.Name by its key.
type TableRow struct {
	Key    string   `json:"key"`
	Cells  []string `json:"cells"`
	Chosen bool     `json:"chosen,omitempty"`
}

// UploadView says which files are wanted.
type UploadView struct {
	Types   []string `json:"types,omitempty"` // media types; none: any safe one
	MaxSize int64    `json:"max_size"`        // bytes of one file
	Files   []File   `json:"files,omitempty"` // given before; posted again as NameKept by hash to stay
}

// LinkView is a page elsewhere.
type LinkView struct {
	URL   string `json:"url"` // http or https, checked
	Text  string `json:"text"`
	Frame bool   `json:"frame,omitempty"` // shown inside the page
	Visit bool   `json:"visit,omitempty"` // must be opened to go on
}

// FeedbackView asks how it went.
type FeedbackView struct {
	Scale    procedure.FeedbackScale `json:"scale,omitempty"`
	Lowest   int                     `json:"lowest"`
	Highest  int                     `json:"highest"`
	Comment  bool                    `json:"comment,omitempty"`
	Required bool                    `json:"required,omitempty"`
	Score    *int                    `json:"score,omitempty"` // given before
	Words    string                  `json:"words,omitempty"` // comment given before
	Given    bool                    `json:"given,omitempty"` // sent already: thank, do not ask again
}

// WaitView says until when the execution is held back.
type WaitView struct {
	Until time.Time `json:"until"`
}

// Ending is how an execution ended.
type Ending struct {
	Outcome  procedure.Outcome `json:"outcome"`
	Redirect string            `json:"redirect,omitempty"` // http(s) address or local path, checked
	Ticket   *TicketLink       `json:"ticket,omitempty"`   // the last one created
	Outputs  map[string]any    `json:"outputs,omitempty"`
}

// TicketLink is a ticket that was created.
type TicketLink struct {
	Number string `json:"number"`
	URL    string `json:"url,omitempty"` // http(s), checked
}

// Watched is a variable as a test shows it.
type Watched struct {
	Name  string `json:"name"`  // like var.x
	Value string `json:"value"` // secrets are masked
}

// Sent are the files that were given before and stay with the page's answer.
func (p *Page) Sent() (files []File) {
	if p.Upload != nil {
		files = append(files, p.Upload.Files...)
	}
	for _, f := range p.Fields {
		files = append(files, f.Files...)
	}
	return files
}
