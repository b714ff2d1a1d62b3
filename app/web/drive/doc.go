// Package drive knows how an execution is driven while people and programs look
// on: whose it is, where it began, how an input becomes a turn that is kept, how
// what the engine asks of the outside is done once. It refuses to know how pages
// look and how replies are written: the portal, the API and test runs of the
// Studio do that.
//
// Its main names are Driver, Journey and Stand.
package drive

import "selfhelp/app/web/frame"

// Driver drives executions on a site.
type Driver struct {
	*frame.Site
	executing locks
}

// New builds the driver of a site: one for all its rooms, so that one visit at a
// time drives an execution.
func New(s *frame.Site) *Driver { return &Driver{Site: s} }
