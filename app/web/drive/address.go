package drive

import (
	"strings"

	"selfhelp/app/web/frame"
)

// PageAddress is where a page of an execution stands.
func PageAddress(id, step string) string {
	if step == reportStep {
		step = keptApart + step
	}
	return "/x/" + id + "/" + step
}

// A step may be called as the report's address is; then its own address keeps
// it apart, by a sign that no step's id has.
const (
	reportStep = "report"
	keptApart  = "step-"
)

// StepOf is the step that an address names.
func StepOf(v *frame.Visit) string { return strings.TrimPrefix(v.PathValue("step"), keptApart) }
