// Package studio is the room of writers around the page of a procedure: projects,
// resources, settings and rights, publishing, importing, the executions that came
// of it. It refuses to know how a procedure is edited (its editor does) and how a
// version becomes a bundle (app/edition does).
//
// Its main names are Studio and its Routes.
package studio

import "selfhelp/app/web/frame"

// Studio is where people write, publish and look at what came of it.
type Studio struct {
	*frame.Site
	memory *memory
}

// New builds the room.
func New(s *frame.Site) *Studio {
	return &Studio{s, &memory{projects: map[string]*known{}, reading: map[string]bool{}}}
}
