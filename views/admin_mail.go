package views

import (
	"time"

	"selfhelp/views/ui"
)

// AdminMail is where the mail server is set up and watched.
type AdminMail struct {
	Office
	Version  int64
	Sections []FormSection
	Wrong    map[string]string
	Stale    bool
	On       bool   // there is one
	To       string // address of the person, who may have a letter sent to try it
	Nowhere  bool   // links in letters lead nowhere
	Waiting  int
	Late     []LetterRow // tried, and not with the server yet
	Lost     []LetterRow // given up
	LostAll  int
}

// LetterRow is a letter that is not with the mail server.
type LetterRow struct {
	ID          int64
	To, Subject string
	At          time.Time
	Due         time.Time
	Attempts    int
	Why         string
}

// AdminMailTest is what the mail server said to a letter.
type AdminMailTest struct {
	Office
	Tone    ui.Tone
	Outcome string
	Advice  string
	Trace   []TraceRow
}

// AdminPasswords says how passwords are kept here.
type AdminPasswords struct {
	Office
	Version  int64
	Shortest string // characters, as typed
	Least    int    // characters
	Most     int
	Words    FormField // of the organisation, one a line
	Resets   bool
	ByMail   bool // letters with links can be written
	Breached BreachedFacts
	Wrong    map[string]string
	Stale    bool
}

// BreachedFacts say which passwords are refused because they became known.
type BreachedFacts struct {
	Active bool
	Broken bool   // one was given, and cannot be used
	Size   string // of the list, in words
}
