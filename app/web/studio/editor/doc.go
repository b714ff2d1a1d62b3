// Package editor is the page of one procedure in the Studio: its map and outline,
// the forms of its steps, what is done with them, and trying it. It knows which
// control stands for which operation; it refuses to know what an operation does
// (app/procedure does) and how a form's values become one (app/procedure/edit
// does).
//
// Its main names are Editor and its Routes.
package editor

import "selfhelp/app/web/studio"

// Editor is the page of a procedure.
type Editor struct{ *studio.Studio }

// New builds the room.
func New(s *studio.Studio) *Editor { return &Editor{s} }
