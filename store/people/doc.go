// Package people keeps accounts, groups and domains, and who belongs where. It
// refuses to know how somebody proves who they are, and what they may do.
//
// Its main names are People, User and Group.
package people

import "selfhelp/store/db"

// People are the accounts, groups and domains of a server.
type People struct{ *db.DB }

// Of returns the people of a database of content.
func Of(d *db.DB) *People { return &People{d} }
