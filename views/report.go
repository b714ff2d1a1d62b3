package views

import (
	"selfhelp/app/procedure"
	"selfhelp/views/ui"
)

// Report is the report of one's own execution.
type Report struct {
	ui.Chrome
	Name      string
	Execution string
	Facts     [][2]string // name and value, in words
	Outcome   procedure.Outcome
	Steps     []ReportStep
	Tickets   []string
	Comments  []ReportComment
	Back      ui.Place
	Elsewhere bool // part of what was done is on another server
}

// ReportStep is one visit of one step, as its person reads it.
type ReportStep struct {
	Order   int
	Title   string
	At      string
	Answer  string
	OffPath bool // on a branch the person left by going back
	Error   string
	Calls   []string // calls to the outside, in words
}

// ReportComment is a post-it, or the comment of a feedback.
type ReportComment struct {
	Where  string
	Text   string
	Answer string // of a writer
}
