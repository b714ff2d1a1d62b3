package procedure

// Procedure is one decision tree.
type Procedure struct {
	Schema      int    `json:"schema" yaml:"schema"`
	UID         string `json:"uid" yaml:"uid"`     // stable across versions
	Alias       string `json:"alias" yaml:"alias"` // in addresses, unique in its domain
	Folder      string `json:"folder,omitempty" yaml:"folder,omitempty"`
	Title       Text   `json:"title" yaml:"title"`
	Description Text   `json:"description,omitzero" yaml:"description,omitempty"`
	Note        string `json:"note,omitempty" yaml:"note,omitempty"` // for writers only

	// Entry says that people may start it; a procedure without it is a
	// sub-procedure, or not finished, and has no address.
	Entry    bool     `json:"entry,omitempty" yaml:"entry,omitempty"`
	Shared   bool     `json:"shared,omitempty" yaml:"shared,omitempty"`     // other projects of the domain may call it
	Category string   `json:"category,omitempty" yaml:"category,omitempty"` // id of a category of the project
	Icon     string   `json:"icon,omitempty" yaml:"icon,omitempty"`
	Audience []string `json:"audience,omitempty" yaml:"audience,omitempty"` // groups that may run it; none: as the project
	Tags     []string `json:"tags,omitempty" yaml:"tags,omitempty"`
	// Keywords and Phrasings help search and the agent find it, by language.
	Keywords  map[string][]string `json:"keywords,omitempty" yaml:"keywords,omitempty"`
	Phrasings map[string][]string `json:"phrasings,omitempty" yaml:"phrasings,omitempty"`
	Related   []string            `json:"related,omitempty" yaml:"related,omitempty"` // UIDs
	Minutes   int                 `json:"minutes,omitempty" yaml:"minutes,omitempty"` // how long it takes, about
	New       bool                `json:"new,omitempty" yaml:"new,omitempty"`
	Popular   bool                `json:"popular,omitempty" yaml:"popular,omitempty"`
	Owner     string              `json:"owner,omitempty" yaml:"owner,omitempty"` // login or name
	Review    Date                `json:"review,omitzero" yaml:"review,omitempty"`
	Toolbar   Toolbar             `json:"toolbar,omitzero" yaml:"toolbar,omitempty"`
	Theme     Theme               `json:"theme,omitzero" yaml:"theme,omitempty"` // over the project's
	Agent     AgentNotes          `json:"agent,omitzero" yaml:"agent,omitempty"`

	Variables []Variable `json:"variables,omitempty" yaml:"variables,omitempty"`
	Steps     []Step     `json:"steps" yaml:"steps"` // in the order they were written; Start may stand anywhere
}

// Toolbar says which tools the player hides. The zero value shows them all.
type Toolbar struct {
	NoReport  bool `json:"no_report,omitempty" yaml:"no_report,omitempty"`
	NoPostit  bool `json:"no_postit,omitempty" yaml:"no_postit,omitempty"`
	NoPause   bool `json:"no_pause,omitempty" yaml:"no_pause,omitempty"`
	NoPrint   bool `json:"no_print,omitempty" yaml:"no_print,omitempty"`
	NoRestart bool `json:"no_restart,omitempty" yaml:"no_restart,omitempty"`
}

// AgentNotes are what the virtual agent wants to know of a procedure.
type AgentNotes struct {
	Silent bool    `json:"silent,omitempty" yaml:"silent,omitempty"` // never proposed in a conversation
	Boost  float64 `json:"boost,omitempty" yaml:"boost,omitempty"`   // factor on its score, 0 means 1
}

// VariableType is the type of a value.
type VariableType string

// The types. Dates and date-times are ISO 8601 strings ("2026-11-23",
// "2026-11-23T09:30:00+01:00"), so that they compare as people expect.
const (
	TypeText     VariableType = "text"
	TypeNumber   VariableType = "number"
	TypeBoolean  VariableType = "boolean"
	TypeDate     VariableType = "date"
	TypeDateTime VariableType = "datetime"
	TypeList     VariableType = "list"
	TypeObject   VariableType = "object"
	TypeFile     VariableType = "file"
	TypeSecret   VariableType = "secret" // never logged, never shown
)

// Variable is a named value: var.NAME in formulas of its procedure, or
// session.NAME along the whole execution.
type Variable struct {
	Name     string       `json:"name" yaml:"name"`
	Type     VariableType `json:"type" yaml:"type"`
	Session  bool         `json:"session,omitempty" yaml:"session,omitempty"`   // lives for the whole execution, shared with sub-procedures
	Personal bool         `json:"personal,omitempty" yaml:"personal,omitempty"` // masked in reports and statistics
	Default  string       `json:"default,omitempty" yaml:"default,omitempty"`   // formula, evaluated at the start
	Note     string       `json:"note,omitempty" yaml:"note,omitempty"`
}

// Parameter is a typed input of a procedure (param.NAME in its formulas) or
// one of its outputs.
type Parameter struct {
	Name     string       `json:"name" yaml:"name"`
	Type     VariableType `json:"type" yaml:"type"`
	Label    Text         `json:"label,omitzero" yaml:"label,omitempty"`
	Required bool         `json:"required,omitempty" yaml:"required,omitempty"`
	Default  string       `json:"default,omitempty" yaml:"default,omitempty"` // formula
	Personal bool         `json:"personal,omitempty" yaml:"personal,omitempty"`
}
