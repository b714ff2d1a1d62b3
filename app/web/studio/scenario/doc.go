// Package scenario is the room of scenarios in the Studio: their list, the page
// of one, and making one of a test run. It refuses to know how a scenario is
// played (app/execution/rehearsal does) and how a test run goes (the editor
// does).
//
// Its main names are Room and its Routes.
package scenario

import (
	"selfhelp/app/access"
	"selfhelp/app/web/frame"
	"selfhelp/app/web/studio"
)

// Room is where writers keep the journeys that must keep working.
type Room struct{ *studio.Studio }

// New builds the room.
func New(s *studio.Studio) *Room { return &Room{s} }

// Routes are those of scenarios.
func (s *Room) Routes() []frame.Route {
	return []frame.Route{
		{Pattern: "GET /studio/p/{project}/scenarios", Needs: access.ReadProject, Role: frame.Edition, Subject: s.ProjectOf, Do: s.list, Slow: true},
		{Pattern: "GET /studio/p/{project}/scenarios/{scenario}", Needs: access.ReadProject, Role: frame.Edition, Subject: s.ProjectOf, Do: s.show},
		{Pattern: "POST /studio/p/{project}/scenarios/{scenario}", Needs: access.ModifyProject, Role: frame.Edition, Subject: s.ProjectOf, Do: s.save, Body: frame.PlainBody, Keep: frame.KeepAt("", "version", "do")},
		{Pattern: "GET /studio/p/{project}/scenarios/{scenario}/update", Needs: access.ModifyProject, Role: frame.Edition, Subject: s.ProjectOf, Do: s.updatePage},
		{Pattern: "POST /studio/p/{project}/scenarios/{scenario}/update", Needs: access.ModifyProject, Role: frame.Edition, Subject: s.ProjectOf, Do: s.update, Body: frame.FormBody},
		{Pattern: "POST /studio/p/{project}/scenarios/{scenario}/copy", Needs: access.ModifyProject, Role: frame.Edition, Subject: s.ProjectOf, Do: s.copy, Body: frame.FormBody},
		{Pattern: "POST /studio/p/{project}/scenarios/{scenario}/delete", Needs: access.ModifyProject, Role: frame.Edition, Subject: s.ProjectOf, Do: s.delete, Body: frame.FormBody},
		{Pattern: "GET /studio/p/{project}/d/{procedure}/keep", Needs: access.ModifyProject, Role: frame.Edition, Subject: s.ProjectOf, Do: s.keepAgain},
		{Pattern: "POST /studio/p/{project}/d/{procedure}/keep", Needs: access.ModifyProject, Role: frame.Edition, Subject: s.ProjectOf, Do: s.keep, Body: frame.PlainBody},
	}
}
