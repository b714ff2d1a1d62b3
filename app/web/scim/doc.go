// Package scim is the door of the programs that keep accounts and groups, by
// SCIM 2.0: directories in the cloud and what provisions for them. It knows
// addresses, versions and answers; it refuses to know how SCIM is spelt, and
// whose account somebody becomes.
//
// A program sees the accounts it told of, and no other. It can change none that
// administers, nor say who somebody is that enters the Studio and comes in by what
// is kept here. To delete is to suspend: the account stays, and the program no
// longer knows it. Groups are those of the domains that its method is for; of
// their members a program sees and changes those it told of. What an account or a
// group was called before finds neither.
//
// Its main names are Door and its Routes.
package scim

import (
	"strings"

	"selfhelp/app/access"
	"selfhelp/app/web/frame"
)

// Door is where programs keep accounts.
type Door struct{ *frame.Site }

// New builds the door.
func New(s *frame.Site) *Door { return &Door{s} }

const (
	root = "/scim/v2"
	body = 1 << 20
)

// Routes are those of SCIM. Only programs come here, with a token.
func (s *Door) Routes() []frame.Route {
	return []frame.Route{
		route("GET /ServiceProviderConfig", s.config),
		route("GET /ResourceTypes", s.types),
		route("GET /ResourceTypes/{type}", s.types),
		route("GET /Schemas", s.schemas),
		route("GET /Schemas/{schema}", s.schemas),
		route("GET /Users", s.method(s.users)),
		route("POST /Users", s.method(s.createUser)),
		route("GET /Users/{user}", s.method(s.user)),
		route("PUT /Users/{user}", s.method(s.replaceUser)),
		route("PATCH /Users/{user}", s.method(s.patchUser)),
		route("DELETE /Users/{user}", s.method(s.deleteUser)),
		route("GET /Groups", s.method(s.groups)),
		route("POST /Groups", s.method(s.createGroup)),
		route("GET /Groups/{group}", s.method(s.group)),
		route("PUT /Groups/{group}", s.method(s.replaceGroup)),
		route("PATCH /Groups/{group}", s.method(s.patchGroup)),
		route("DELETE /Groups/{group}", s.method(s.deleteGroup)),
	}
}

func route(pattern string, do frame.Handler) frame.Route {
	method, path, _ := strings.Cut(pattern, " ")
	return frame.Route{
		Pattern: method + " " + root + path, Needs: access.Provision, Role: frame.Edition,
		Do: do, Callers: frame.TokenOnly, Refuse: refuse, Body: body,
	}
}
