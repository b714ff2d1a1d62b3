package form

import (
	"selfhelp/app/execution/entry"
	"selfhelp/app/procedure"
)

// Field is one field of a form as a page shows it.
type Field struct {
	ID          string              `json:"id"`
	Input       string              `json:"input,omitempty"` // name it is posted under: "f." and its id; "f.ID.N.COLUMN" in rows
	Type        procedure.FieldType `json:"type"`
	Label       string              `json:"label,omitempty"`
	Help        string              `json:"help,omitempty"`
	Placeholder string              `json:"placeholder,omitempty"`
	Values      []string            `json:"values,omitempty"` // present values as posted; one but for multi
	Required    bool                `json:"required,omitempty"`
	Visible     bool                `json:"visible"` // not visible ones are there for scripts that show them
	Enabled     bool                `json:"enabled"`
	ShowIf      *Condition          `json:"show_if,omitempty"`   // when it is visible, if simple enough for a script
	EnableIf    *Condition          `json:"enable_if,omitempty"` // when it is enabled, likewise
	Pattern     string              `json:"pattern,omitempty"`
	Min         string              `json:"min,omitempty"` // number, date or length
	Max         string              `json:"max,omitempty"`
	Step        string              `json:"step,omitempty"`
	Width       string              `json:"width,omitempty"`
	Options     []Option            `json:"options,omitempty"`  // of radio, select, multi and lookup
	Columns     []Field             `json:"columns,omitempty"`  // of rows: the columns, without values
	Rows        [][]Field           `json:"rows,omitempty"`     // of rows: the present rows, then one empty while there is room
	Files       []entry.File        `json:"files,omitempty"`    // given before; posted again by hash under Input to stay
	Types       []string            `json:"types,omitempty"`    // media types of a file
	Among       string              `json:"among,omitempty"`    // of person: whom to suggest
	Question    string              `json:"question,omitempty"` // of a captcha
	Problem     string              `json:"problem,omitempty"`
}

// Option is one entry of a field's list.
type Option struct {
	Key    string `json:"key"` // what is posted
	Text   string `json:"text"`
	Chosen bool   `json:"chosen,omitempty"`
}

// Condition is a formula simple enough for a script in the page: a field of
// the same form compared with a value. The server decides again.
type Condition struct {
	Input string `json:"input"` // name of the other field's input
	Is    string `json:"is"`    // value as posted; "true" for a ticked box
	Not   bool   `json:"not,omitempty"`
}
