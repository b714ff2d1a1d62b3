package procedure

// Form is a list of fields. The result of a form step is an object with one
// value per field; each field is also the variable of its name.
type Form struct {
	Fields []Field `json:"fields,omitempty"`
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

// Offers reports whether a field of this type lets people choose from a list.
func (t FieldType) Offers() bool {
	return t == FieldRadio || t == FieldSelect || t == FieldMulti || t == FieldLookup
}

// TakesFiles reports whether a field of this type is answered with files.
func (t FieldType) TakesFiles() bool {
	return t == FieldFile || t == FieldPhoto || t == FieldSignature
}

// Whom a field for a person suggests, besides accounts ("").
const (
	AmongGroups = "groups"
	AmongBoth   = "both"
)

// GivesValue reports whether a field of this type fills a variable: the others
// are words, rules and a question for machines.
func (t FieldType) GivesValue() bool {
	return t != FieldLabel && t != FieldHeading && t != FieldSeparator && t != FieldCaptcha
}

// Field is one field of a form.
type Field struct {
	ID          string    `json:"id" is:"id"` // stable
	Type        FieldType `json:"type"`
	Name        string    `json:"name,omitempty" is:"variable"` // variable it fills; empty: its id
	Label       Text      `json:"label,omitzero" is:"text,template"`
	Help        Text      `json:"help,omitzero" is:"text,template"`
	Placeholder Text      `json:"placeholder,omitzero" is:"text,template"`
	Default     string    `json:"default,omitempty" is:"formula,form"`        // formula
	Required    string    `json:"required,omitempty" is:"formula,form,truth"` // formula; "true" for always
	Visible     string    `json:"visible,omitempty" is:"formula,form,truth"`  // formula over the form's other values too
	Enabled     string    `json:"enabled,omitempty" is:"formula,form,truth"`
	Pattern     string    `json:"pattern,omitempty" is:"regex"`    // RE2, matched against the whole value
	Min         string    `json:"min,omitempty" is:"formula,form"` // formula: number, date or length
	Max         string    `json:"max,omitempty" is:"formula,form"`
	Step        string    `json:"step,omitempty" is:"formula,form,number"`       // of a number or slider
	Check       string    `json:"check,omitempty" is:"formula,form,value,truth"` // formula that must hold; value is the field's
	Message     Text      `json:"message,omitzero" is:"text,template"`           // said when Pattern or Check does not hold
	Width       string    `json:"width,omitempty" one:"half third"`              // "", half or third
	Options     []Option  `json:"options,omitempty"`
	From        *Options  `json:"from,omitempty" is:",form"`         // more options, at run time
	Columns     []Field   `json:"columns,omitempty" is:",item"`      // of rows; simple types only, item is the row
	Types       []string  `json:"types,omitempty" is:"media"`        // media types of a file
	Among       string    `json:"among,omitempty" one:"groups both"` // whom a person field suggests: accounts, groups or both
	Personal    bool      `json:"personal,omitempty"`
	Report      string    `json:"report,omitempty" is:"word"` // name in reports; empty: its label
}

// Option is one entry of a radio group, select or multi-select.
type Option struct {
	ID    string `json:"id" is:"id"` // the value, unless Value says otherwise
	Text  Text   `json:"text" is:"text,template,title"`
	Value string `json:"value,omitempty" is:"word"`
}
