// Package intake is where lists of people come into the administration. It knows
// how a list is kept until its plan was agreed to, and what who brings it may
// change; it refuses to know how files are read and what lines mean, which is
// app/transfer/roster.
//
// Its main names are Intake and its Routes.
package intake

import (
	"selfhelp/app/access"
	"selfhelp/app/web/admin"
	"selfhelp/app/web/frame"
)

// Intake takes lists of people in.
type Intake struct{ *admin.Admin }

// New builds the part of a room.
func New(a *admin.Admin) *Intake { return &Intake{a} }

// Routes are those of the import of accounts.
func (s *Intake) Routes() []frame.Route {
	return []frame.Route{
		{Pattern: "GET /admin/users/import", Needs: access.AdministerDomain, Role: frame.Edition, Subject: s.OwnAdministration, Do: s.importPage},
		{Pattern: "POST /admin/users/import", Needs: access.AdministerDomain, Role: frame.Edition, Subject: s.OwnAdministration, Do: s.importUsers, Body: importBody, Slow: true},
		{Pattern: "GET /admin/users/import/{sample}", Needs: access.AdministerDomain, Role: frame.Edition, Subject: s.OwnAdministration, Do: s.sampleImport},
	}
}
