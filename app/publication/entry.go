package publication

import (
	"selfhelp/app/procedure"
)

// Entry is a procedure that people may start, as the portal shows it.
type Entry struct {
	UID         string         `json:"uid"`
	Alias       string         `json:"alias"`
	Title       procedure.Text `json:"title"`
	Description procedure.Text `json:"description,omitzero"`
	Category    string         `json:"category,omitempty"`
	Icon        string         `json:"icon,omitempty"`
	Audience    []string       `json:"audience,omitempty"` // groups; none: as the project
	Tags        []string       `json:"tags,omitempty"`
	Related     []string       `json:"related,omitempty"` // UIDs
	Minutes     int            `json:"minutes,omitempty"`
	New         bool           `json:"new,omitempty"`
	Popular     bool           `json:"popular,omitempty"`
}

// entryOf returns what the portal shows of a procedure.
func entryOf(p *procedure.Procedure) Entry {
	return Entry{
		UID: p.UID, Alias: p.Alias, Title: p.Title, Description: p.Description, Category: p.Category, Icon: p.Icon,
		Audience: p.Audience, Tags: p.Tags, Related: p.Related, Minutes: p.Minutes, New: p.New, Popular: p.Popular,
	}
}
