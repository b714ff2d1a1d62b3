// Package browsers knows what browsers were let in by: their sessions, those that were
// ended before their time, how a session that began at another server is kept, and the
// codes of journeys put aside that were typed.
// It refuses to know what a session says, and who may come in.
//
// Its main names are Browsers, Session and Keeper.
package browsers

import "selfhelp/store/db"

// Browsers are the sessions of a server.
type Browsers struct{ *db.DB }

// Of returns the sessions in a database.
func Of(d *db.DB) *Browsers { return &Browsers{d} }
