// Package scim is the door of the programs that keep accounts and groups, by
// SCIM 2.0: directories in the cloud and what provisions for them. It knows
// addresses, versions and answers; it refuses to know how SCIM is spelt, and
// whose account somebody becomes.
//
// A program sees the accounts it told of, and no other. It can change none that
// administers. To delete is to suspend: the account stays, and the program no
// longer knows it. Groups are those of the domains that its method is for; of
// their members a program sees and changes those it told of.
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
func (s *Door) Routes() (routes []frame.Route) {
	for pattern, do := range map[string]frame.Handler{
		"GET /ServiceProviderConfig": s.config,
		"GET /ResourceTypes":         s.types,
		"GET /ResourceTypes/{type}":  s.types,
		"GET /Schemas":               s.schemas,
		"GET /Schemas/{schema}":      s.schemas,
		"GET /Users":                 s.method(s.users),
		"POST /Users":                s.method(s.createUser),
		"GET /Users/{user}":          s.method(s.user),
		"PUT /Users/{user}":          s.method(s.replaceUser),
		"PATCH /Users/{user}":        s.method(s.patchUser),
		"DELETE /Users/{user}":       s.method(s.deleteUser),
		"GET /Groups":                s.method(s.groups),
		"POST /Groups":               s.method(s.createGroup),
		"GET /Groups/{group}":        s.method(s.group),
		"PUT /Groups/{group}":        s.method(s.replaceGroup),
		"PATCH /Groups/{group}":      s.method(s.patchGroup),
		"DELETE /Groups/{group}":     s.method(s.deleteGroup),
	} {
		routes = append(routes, route(pattern, do))
	}
	return routes
}

func route(pattern string, do frame.Handler) frame.Route {
	method, path, _ := strings.Cut(pattern, " ")
	return frame.Route{
		Pattern: method + " " + root + path, Needs: access.Provision, Role: frame.Edition,
		Do: do, Callers: frame.TokenOnly, Refuse: refuse, Body: body,
	}
}
