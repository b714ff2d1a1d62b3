package drive

import (
	"strings"

	"selfhelp/app/web/frame"
)

// PageAddress is where a page of an execution stands, by the name that the
// engine gave it: its step's id, with its procedure behind where that is needed.
func PageAddress(id, page string) string {
	if page == reportStep {
		page = keptApart + page
	}
	return "/x/" + id + "/" + page
}

// A step may be called as the report's address is; then its own address keeps
// it apart, by a sign that no step's id has.
const (
	reportStep = "report"
	keptApart  = "step-"
)

// PageOf is the name of the page that an address is of.
func PageOf(v *frame.Visit) string { return strings.TrimPrefix(v.PathValue("step"), keptApart) }

// StepOf is the step that an address names. Which procedure's it is, the state
// that comes with it knows.
func StepOf(v *frame.Visit) string {
	step, _, _ := strings.Cut(PageOf(v), "~")
	return step
}
