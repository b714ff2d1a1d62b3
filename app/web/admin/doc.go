// Package admin is the room of administrators: accounts, domains, groups, the
// audit. It knows who may see and change whom; it refuses to know how passwords
// and sessions are kept, and everything that writers write.
//
// Its main names are Admin and its Routes.
package admin

import "selfhelp/app/web/frame"

// Admin is where accounts, domains and groups are looked after.
type Admin struct{ *frame.Site }

// New builds the room.
func New(s *frame.Site) *Admin { return &Admin{s} }
