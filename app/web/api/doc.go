// Package api is the room of programs: they find and start procedures, drive
// executions and read reports, in JSON. It knows how calls are read, replies and
// problems written, and how both are described; it refuses to know cookies,
// pages, and how an execution is driven.
//
// Its main names are API and its Routes, from which the description is made.
package api

import "selfhelp/app/web/drive"

// API is where programs call.
type API struct{ *drive.Driver }

// New builds the room.
func New(d *drive.Driver) *API { return &API{d} }
