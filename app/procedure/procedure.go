package procedure

// Procedure is one decision tree.
type Procedure struct {
	Schema      int    `json:"schema"`
	UID         string `json:"uid" is:"uid"`     // stable across versions
	Alias       string `json:"alias" is:"alias"` // in addresses, unique in its domain
	Folder      string `json:"folder,omitempty" is:"folder"`
	Title       Text   `json:"title" is:"text,title"`
	Description Text   `json:"description,omitzero" is:"text"`
	Note        string `json:"note,omitempty" is:"note"` // for writers only

	// Entry says that people may start it; a procedure without it is a
	// sub-procedure, or not finished, and has no address.
	Entry    bool     `json:"entry,omitempty"`
	Shared   bool     `json:"shared,omitempty"`                 // other projects of the domain may call it
	Category string   `json:"category,omitempty" is:"category"` // id of a category of the project
	Icon     string   `json:"icon,omitempty" is:"word"`
	Audience []string `json:"audience,omitempty" is:"group"` // groups that may run it; none: as the project
	Tags     []string `json:"tags,omitempty" is:"word"`
	// Keywords and Phrasings help search and the agent find it, by language.
	Keywords  map[string][]string `json:"keywords,omitempty" is:"word"`
	Phrasings map[string][]string `json:"phrasings,omitempty" is:"word"`
	Related   []string            `json:"related,omitempty" is:"procedure"` // UIDs
	Minutes   int                 `json:"minutes,omitempty" range:"0 1440"` // how long it takes, about
	New       bool                `json:"new,omitempty"`
	Popular   bool                `json:"popular,omitempty"`
	Owner     string              `json:"owner,omitempty" is:"word"` // login or name
	Review    Date                `json:"review,omitzero"`
	Toolbar   Toolbar             `json:"toolbar,omitzero"`
	Theme     Theme               `json:"theme,omitzero"` // over the project's
	Agent     AgentNotes          `json:"agent,omitzero"`

	Variables []Variable `json:"variables,omitempty"`
	Steps     []Step     `json:"steps"` // in the order they were written; Start may stand anywhere
}

// Toolbar says which tools the player hides. The zero value shows them all.
type Toolbar struct {
	NoReport  bool `json:"no_report,omitempty"`
	NoPostit  bool `json:"no_postit,omitempty"`
	NoPause   bool `json:"no_pause,omitempty"`
	NoPrint   bool `json:"no_print,omitempty"`
	NoRestart bool `json:"no_restart,omitempty"`
}

// AgentNotes are what the virtual agent wants to know of a procedure.
type AgentNotes struct {
	Silent bool    `json:"silent,omitempty"`              // never proposed in a conversation
	Boost  float64 `json:"boost,omitempty" range:"0 100"` // factor on its score, 0 means 1
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
	Name     string       `json:"name" is:"id"`
	Type     VariableType `json:"type"`
	Session  bool         `json:"session,omitempty"`              // lives for the whole execution, shared with sub-procedures
	Personal bool         `json:"personal,omitempty"`             // masked in reports and statistics
	Default  string       `json:"default,omitempty" is:"formula"` // formula, evaluated at the start
	Note     string       `json:"note,omitempty" is:"note"`
}

// Parameter is a typed input of a procedure (param.NAME in its formulas) or
// one of its outputs.
type Parameter struct {
	Name     string       `json:"name" is:"id"`
	Type     VariableType `json:"type"`
	Label    Text         `json:"label,omitzero" is:"text"`
	Required bool         `json:"required,omitempty"`
	Default  string       `json:"default,omitempty" is:"formula"` // formula
	Personal bool         `json:"personal,omitempty"`
}
