package procedure

// Form is a list of fields. The result of a form step is an object with one
// value per field; each field is also the variable of its name.
type Form struct {
	Fields []Field `json:"fields,omitempty" yaml:"fields,omitempty"`
}

// FieldType is what a field looks like and which values it gives.
type FieldType string

// The types of field.
const (
	FieldText      FieldType = "text"      // one line
	FieldLongText  FieldType = "long_text" // several lines
	FieldRichText  FieldType = "rich_text" // CommonMark
	FieldNumber    FieldType = "number"
	FieldSlider    FieldType = "slider"
	FieldDate      FieldType = "date"
	FieldTime      FieldType = "time"
	FieldDateTime  FieldType = "datetime"
	FieldMail      FieldType = "mail"
	FieldPhone     FieldType = "phone"
	FieldURL       FieldType = "url"
	FieldSecret    FieldType = "secret"
	FieldCheck     FieldType = "check" // one box, a boolean
	FieldRadio     FieldType = "radio"
	FieldSelect    FieldType = "select"
	FieldMulti     FieldType = "multi"  // several of a list
	FieldLookup    FieldType = "lookup" // a long or remote list, searched while typing
	FieldPerson    FieldType = "person" // a user or a group
	FieldFile      FieldType = "file"
	FieldPhoto     FieldType = "photo"     // a picture taken on the spot
	FieldSignature FieldType = "signature" // drawn, kept as an image
	FieldRows      FieldType = "rows"      // a small table, one object a row
	FieldRating    FieldType = "rating"    // 1 to Max, 5 by default
	FieldHidden    FieldType = "hidden"
	FieldLabel     FieldType = "label" // words, no value
	FieldHeading   FieldType = "heading"
	FieldSeparator FieldType = "separator"
	FieldCaptcha   FieldType = "captcha" // a question machines stumble on
)

// Field is one field of a form.
type Field struct {
	ID          string    `json:"id" yaml:"id"` // stable
	Type        FieldType `json:"type" yaml:"type"`
	Name        string    `json:"name,omitempty" yaml:"name,omitempty"` // variable it fills; empty: its id
	Label       Text      `json:"label,omitzero" yaml:"label,omitempty"`
	Help        Text      `json:"help,omitzero" yaml:"help,omitempty"`
	Placeholder Text      `json:"placeholder,omitzero" yaml:"placeholder,omitempty"`
	Default     string    `json:"default,omitempty" yaml:"default,omitempty"`   // formula
	Required    string    `json:"required,omitempty" yaml:"required,omitempty"` // formula; "true" for always
	Visible     string    `json:"visible,omitempty" yaml:"visible,omitempty"`   // formula over the form's other values too
	Enabled     string    `json:"enabled,omitempty" yaml:"enabled,omitempty"`
	Pattern     string    `json:"pattern,omitempty" yaml:"pattern,omitempty"` // RE2, matched against the whole value
	Min         string    `json:"min,omitempty" yaml:"min,omitempty"`         // formula: number, date or length
	Max         string    `json:"max,omitempty" yaml:"max,omitempty"`
	Step        string    `json:"step,omitempty" yaml:"step,omitempty"`      // of a number or slider
	Check       string    `json:"check,omitempty" yaml:"check,omitempty"`    // formula that must hold; value is the field's
	Message     Text      `json:"message,omitzero" yaml:"message,omitempty"` // said when Pattern or Check does not hold
	Width       string    `json:"width,omitempty" yaml:"width,omitempty"`    // "", half or third
	Options     []Option  `json:"options,omitempty" yaml:"options,omitempty"`
	From        *Options  `json:"from,omitempty" yaml:"from,omitempty"`       // more options, at run time
	Columns     []Field   `json:"columns,omitempty" yaml:"columns,omitempty"` // of rows; simple types only
	Types       []string  `json:"types,omitempty" yaml:"types,omitempty"`     // media types of a file
	Personal    bool      `json:"personal,omitempty" yaml:"personal,omitempty"`
	Report      string    `json:"report,omitempty" yaml:"report,omitempty"` // name in reports; empty: its label
}

// Option is one entry of a radio group, select or multi-select.
type Option struct {
	ID    string `json:"id" yaml:"id"` // the value, unless Value says otherwise
	Text  Text   `json:"text" yaml:"text"`
	Value string `json:"value,omitempty" yaml:"value,omitempty"`
}
