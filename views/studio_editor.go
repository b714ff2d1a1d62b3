package views

import (
	"fmt"
	"hash/fnv"
	"strconv"

	"github.com/a-h/templ"

	"selfhelp/views/ui"
)

// Editor is the page of a procedure: its tree, what is chosen in it, what is
// wrong with it.
type Editor struct {
	Desk
	UID       string
	Alias     string
	Heading   string // title of the procedure
	Entry     bool
	Revision  int64  // what the page shows; edits are made from it
	Saved     string // in words
	CanUndo   bool
	CanRedo   bool
	Languages []string
	Lang      string // in which texts are edited
	Tab       string // content, logic or preview
	Layout    string // map or outline
	Step      string // chosen, "" for the procedure itself
	Folders   []TreeFolder
	Canvas    Canvas
	Outline   []OutlineLine
	Inspector Inspector
	Scenarios int // of this procedure
	Problems  []EditorProblem
	Todo      int // of the chosen step: what is to be filled in, not among the errors
	Conflict  []ConflictLine
	Lost      []ConflictLine // what was written in a step that is gone
	Refused   string         // why an edit was refused
	Strangers string         // that groups of what was gone back to are others now
	Quiet     bool           // the inspector stays as it is: somebody types in it
}

// TreeFolder is a folder of the side, with its procedures.
type TreeFolder struct {
	Path       string
	Procedures []ui.Place
	Here       string // URL of the one that is open
}

// Canvas is the tree as it is drawn, in units of the drawing.
type Canvas struct {
	Width, Height int
	Boxes         []FrameBox
	Cards         []StepCard
	Lines         []Line
	Mark          string // changes with all but what is written on the cards
	Lessened      bool   // the page has all of it but these cards
}

// FrameBox is a frame around some cards.
type FrameBox struct {
	ID, Title, Colour string
	X, Y, W, H        int
	Chosen            bool
}

// EditorProblem is a problem of the procedure, with where to mend it.
type EditorProblem struct {
	Wrong            bool // an error, not a warning
	Todo             bool // only to be filled in
	Text, Where, URL string
	Step, Path       string
	Mends            string // what its button says
	Fix              string // operation that mends it, as JSON; "" when none is evident
}

// StepCard is a step as it is drawn.
type StepCard struct {
	ID, Kind, Title, Detail, Icon, Colour string
	X, Y, W, H                            int
	Chosen                                bool
	Errors, Warnings, Todo                int
	Unreached                             bool
	Mark                                  string // changes with the card
}

// Line is an edge as it is drawn, with the plus that inserts a step on it.
type Line struct {
	From, Edge, To, Label string
	Path                  string // of SVG
	X, Y, Room            int    // of the label, and how wide it may be: 0 for none
	PlusX, PlusY          int
	Back                  bool // it goes up
	Free                  bool // it leads nowhere yet
	Failure               bool // the error branch
	Chosen                bool
}

// OutlineLine is a step in the outline.
type OutlineLine struct {
	ID, Title, Icon, Kind, By string // By: the answer that leads to it
	Depth                     int
	Again                     bool // it stands above already
	Errors, Warnings, Todo    int
	Chosen                    bool
}

// Inspector is what stands on the right: the properties of a step or of the
// procedure, the types a step can be added of, or the history.
type Inspector struct {
	Of      string // the step it is about, where its form is read elsewhere
	Mode    string // step, procedure, add or history
	Kind    string
	Icon    string
	Title   string
	Help    string
	Fields  []Prop
	Edges   []EdgeLine
	Preview bool
	Types   []TypeGroup
	After   string // step that a new one comes after
	Edge    string
	History []HistoryLine
	Where   []ui.Place // that lead here
	Scope   []ScopeName
	Files   []ui.Place // resources that can be put into a text, id in URL
}

// ScopeName is a value that formulas and texts can read here.
type ScopeName struct{ Name, What string }

// EdgeLine is a way out of a step, with the steps it may lead to.
type EdgeLine struct {
	ID, Label, To string
	Else          string     // what happens where it leads nowhere
	Steps         []ui.Place // id in URL
}

// TypeGroup is a family of step types.
type TypeGroup struct {
	Name  string
	Types []TypeChoice
}

// TypeChoice is a type of step that can be added.
type TypeChoice struct{ Kind, Name, Help, Icon string }

// HistoryLine is a revision.
type HistoryLine struct {
	Number  int64
	What    string
	By, Ago string
	Current bool
}

// ConflictLine is a property that somebody else changed meanwhile.
type ConflictLine struct {
	Name                 string // of the control that sets it
	Label, Theirs, Yours string
}

// Prop is a property in the form.
type Prop struct {
	Name    string // of the control
	Path    string
	Label   string
	Help    string
	Control string // line, area, markdown, formula, script, flag, need, number, date, select, lines, list, group
	Value   string
	Lang    string
	Source  string     // the words of the project's first language, when this is another
	Options []ui.Place // value in URL
	Wrong   string
	Todo    bool   // to be filled in, and just begun
	Instead string // what counts while nothing is typed
	Min     string
	Max     string
	Entries []PropEntry
	Add     string   // label of the button that adds an entry
	Fields  []Prop   // of a group
	Filled  bool     // of a group: something in it is said
	Lacking ui.Place // where what the property may name is made, while there is none
	Edge    string   // way out that leads nowhere yet, so that a step can be added on it
	Append  string   // path of a list that the group may add an entry to
}

// PropEntry is an entry of a list.
type PropEntry struct {
	Name   string
	Title  string
	Fields []Prop
	First  bool
	Last   bool
	Open   bool
}

// At is the address of the page with another query.
func (p Editor) At(query string) templ.SafeURL {
	return templ.SafeURL("/studio/p/" + p.Project + "/d/" + p.UID + query)
}

// StepURL chooses a step.
func (p Editor) StepURL(id string) templ.SafeURL { return p.query("step", id) }

func (p Editor) query(key, value string) templ.SafeURL {
	q := "?lang=" + p.Lang + "&view=" + p.Layout
	if key != "tab" && p.Tab != "content" {
		q += "&tab=" + p.Tab
	}
	if key != "step" && p.Step != "" {
		q += "&step=" + p.Step
	}
	if value != "" {
		q += "&" + key + "=" + value
	}
	return p.At(q)
}

// AddURL opens the menu of types on a way out.
func (p Editor) AddURL(step, edge string) templ.SafeURL {
	return p.At("?lang=" + p.Lang + "&view=" + p.Layout + "&step=" + step + "&edge=" + edge + "&add=1")
}

// treeMark is the same for the same side, so that the one a person has filtered
// and folded stays.
func (p Editor) treeMark() string {
	h := fnv.New64a()
	fmt.Fprint(h, p.Folders)
	return strconv.FormatUint(h.Sum64(), 36)
}

func (p Editor) revision() string { return strconv.FormatInt(p.Revision, 10) }

// margin is the room around the drawing.
const margin = 48

func (c Canvas) viewBox() string {
	return px(-margin) + " " + px(-margin) + " " + c.width() + " " + c.height()
}

func (c Canvas) width() string  { return px(c.Width + 2*margin) }
func (c Canvas) height() string { return px(c.Height + 2*margin) }

func px(n int) string { return strconv.Itoa(n) }

// keyName is what a key says on the keyboards of a language.
func (p Editor) keyName(key string) string {
	if p.Words.Has("key." + key) {
		return p.T("key." + key)
	}
	return key
}

// editorShortcuts are the keys of the page and what they do.
var editorShortcuts = []struct {
	keys []string
	does string
}{
	{[]string{"←", "↑", "→", "↓"}, "arrows"}, {[]string{"↵"}, "enter"}, {[]string{"A"}, "add"}, {[]string{"Del"}, "delete"},
	{[]string{"Esc"}, "escape"}, {[]string{"Ctrl", "Z"}, "undo"}, {[]string{"Ctrl", "⇧", "Z"}, "redo"}, {[]string{"+", "−", "0"}, "zoom"},
	{[]string{"T"}, "test"}, {[]string{"Ctrl", "K"}, "palette"}, {[]string{"?"}, "help"},
}

// dressed is what every page has, in the style sheet of this one.
func (p Editor) dressed() ui.Chrome {
	c := p.Chrome
	c.Sheet = "editor"
	return c
}

// translatedTo is the language that the page of translation opens in.
func (p Editor) translatedTo() string {
	if p.Lang != p.Languages[0] {
		return p.Lang
	}
	return p.Languages[1]
}
