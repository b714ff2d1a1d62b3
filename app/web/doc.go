// Package web puts the house's doors together: the frame that every request
// goes through, the rooms behind it, and the pages that belong to no room
// (signing in, setting up, one's own profile, preferences, the gallery). It
// refuses to know what happens in a room.
//
// Its main names are New and the table in routes.go. The frame is app/web/frame.
// The rooms are app/web/portal, app/web/studio with its editor, app/web/admin
// and app/web/api; each lists its own addresses in its routes.go. Portal and API
// drive executions by app/web/drive.
package web
