package views

import (
	"selfhelp/app/procedure"
	"selfhelp/views/ui"
)

// Segment is a piece of a text, marked when it is what was looked for.
type Segment struct {
	Text   string
	Marked bool
}

// Card is a procedure as lists show it.
type Card struct {
	Title   []Segment
	Text    []Segment // what it is about, or the passage found
	URL     string
	Icon    string
	Where   string // category
	Value   string // what choosing it puts in a field, in suggestions
	Minutes int
	New     bool
}

// Plain makes the segments of a text with nothing marked.
func Plain(text string) []Segment {
	if text == "" {
		return nil
	}
	return []Segment{{Text: text}}
}

// Category is a group of procedures as the portal shows it.
type Category struct {
	ID    string
	Name  string
	URL   string
	Icon  string
	Count int
	On    bool // it is the one chosen
	Below []Category
}

// NewsItem is a line of what is new.
type NewsItem struct {
	Title string
	Body  string // safe HTML
	On    string // date in words
	URL   string // what it leads to, if anything
}

// SearchBox is the search of a portal.
type SearchBox struct {
	Action   string // of the form
	Suggest  string // where suggestions come from, up to the words
	Words    string
	Category string // id, to search in; empty: everywhere
	Group    string // the person's group that is looked through; empty: all
}

// Home searches what a person can reach, and lists the projects that is in.
type Home struct {
	ui.Chrome
	Search   SearchBox
	Projects []HomeProject
	First    string // what is said where nobody has an account yet
}

// HomeProject is a project as the home page shows it.
type HomeProject struct {
	Name  string
	Text  string
	URL   string
	Logo  string
	Icon  string // for want of a logo
	Where string // domain, when there are several
	Count int    // procedures the person may start
}

// Portal is the home of a project.
type Portal struct {
	ui.Chrome
	Name       string
	Text       string
	Search     SearchBox
	Groups     []Group
	Categories []Category
	News       []NewsItem
	Popular    []Card
	Recent     []Card
	Newest     []Card
}

// empty reports whether there is nothing for this person yet.
func (p Portal) empty() bool {
	return len(p.Categories)+len(p.News)+len(p.Popular)+len(p.Recent)+len(p.Newest) == 0
}

// Group is one of the person's groups, by which a portal can be filtered.
type Group struct {
	Name string
	URL  string
	On   bool
}

// CategoryPage lists what is in a category.
type CategoryPage struct {
	ui.Chrome
	Crumbs []ui.Place
	Text   string
	Search SearchBox
	Below  []Category
	Cards  []Card
}

// SearchPage is what was found, or what to do when nothing was.
type SearchPage struct {
	ui.Chrome
	Crumbs     []ui.Place
	Search     SearchBox
	Total      int
	Cards      []Card
	Categories []Category // with their number of hits, to narrow the search
	All        string     // address of the search in every category
	Groups     []Group
	Whole      bool          // in all projects: Categories are projects then
	Projects   []HomeProject // when nothing was found in any of them
	Popular    []Card        // when nothing was found
	Nearest    []Category
	Contact    string // who to ask, if the project says
}

// narrow says what the chips under the search are for.
func (p SearchPage) narrow() string {
	if p.Whole {
		return p.T("search.narrow_project")
	}
	return p.T("search.narrow")
}

// everywhere is the chip that narrows to nothing.
func (p SearchPage) everywhere() string {
	if p.Whole {
		return p.T("search.all_projects")
	}
	return p.T("search.all")
}

// Suggestions are the names that hold what is being typed.
type Suggestions struct {
	Cards []Card
}

// Start is where a procedure begins when it cannot begin by itself.
type Start struct {
	ui.Chrome
	Name    string
	Text    string
	Action  string
	Minutes int
	Portal  ui.Place
	Hidden  [][2]string // names and values sent along
}

// Resume asks for the code of a journey kept for later.
type Resume struct {
	ui.Chrome
	Code  string
	Wrong string
}

// Paused says how to come back to a journey.
type Paused struct {
	ui.Chrome
	Name   string
	Code   string
	Link   string // whole address
	Action string // of the execution, to go on now
	Portal ui.Place
}

// Journeys lists the person's own executions.
type Journeys struct {
	ui.Chrome
	Rows    []Journey
	Partial bool // those of other servers could not be asked for
}

// Journey is one execution as its owner sees it.
type Journey struct {
	Name    string
	Where   string // project
	URL     string // to go on
	Report  string
	Started string
	When    string // day and hour
	Took    string
	Outcome procedure.Outcome // empty while it goes on
	Failed  bool              // a problem stopped it; it may be taken up again
	Paused  bool
	Gone    bool // the version it runs on is no longer there
}

func currentPage(is bool) string {
	if is {
		return "page"
	}
	return "false"
}
