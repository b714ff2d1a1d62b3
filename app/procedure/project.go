package procedure

// Project is a set of procedures and resources written together.
type Project struct {
	Schema      int        `json:"schema" yaml:"schema"`
	UID         string     `json:"uid" yaml:"uid"`     // stable for life, also across archives
	Alias       string     `json:"alias" yaml:"alias"` // in addresses, unique in its domain
	Name        Text       `json:"name" yaml:"name"`
	Description Text       `json:"description,omitzero" yaml:"description,omitempty"`
	Languages   []string   `json:"languages" yaml:"languages"` // the first is the one texts fall back to
	Categories  []Category `json:"categories,omitempty" yaml:"categories,omitempty"`
	News        []News     `json:"news,omitempty" yaml:"news,omitempty"`
	Theme       Theme      `json:"theme,omitzero" yaml:"theme,omitempty"`
	Audience    []string   `json:"audience,omitempty" yaml:"audience,omitempty"` // groups that may see it; none: everyone of the domain
	Public      bool       `json:"public,omitempty" yaml:"public,omitempty"`     // visitors need not sign in
	Settings    Settings   `json:"settings,omitzero" yaml:"settings,omitempty"`
	// Folders are the paths of the Studio's tree ("Network/Wifi"), kept so that
	// empty ones survive.
	Folders    []string    `json:"folders,omitempty" yaml:"folders,omitempty"`
	Resources  []Resource  `json:"resources,omitempty" yaml:"resources,omitempty"`
	Connectors []Connector `json:"connectors,omitempty" yaml:"connectors,omitempty"`

	// Procedures and Scenarios stand in files of their own in an archive.
	Procedures []*Procedure `json:"procedures,omitempty" yaml:"-"`
	Scenarios  []*Scenario  `json:"scenarios,omitempty" yaml:"-"`
}

// Settings are the rules a project sets for itself.
type Settings struct {
	GreenScenarios bool   `json:"green_scenarios,omitempty" yaml:"green_scenarios,omitempty"` // publish only when every scenario holds
	RetentionDays  int    `json:"retention_days,omitempty" yaml:"retention_days,omitempty"`   // executions older are erased; 0: the platform's rule
	PostitMail     string `json:"postit_mail,omitempty" yaml:"postit_mail,omitempty"`         // where post-its are mailed; empty: nowhere
}

// Category groups procedures on the portal.
type Category struct {
	ID     string `json:"id" yaml:"id"`
	Parent string `json:"parent,omitempty" yaml:"parent,omitempty"` // id of the category above, if any
	Name   Text   `json:"name" yaml:"name"`
	Icon   string `json:"icon,omitempty" yaml:"icon,omitempty"` // name of an icon of the interface
}

// News is one line of what is new, on the portal's home.
type News struct {
	ID        string `json:"id" yaml:"id"`
	Title     Text   `json:"title" yaml:"title"`
	Body      Text   `json:"body,omitzero" yaml:"body,omitempty"`            // CommonMark
	Procedure string `json:"procedure,omitempty" yaml:"procedure,omitempty"` // UID it leads to, if any
	On        Date   `json:"on,omitzero" yaml:"on,omitempty"`
	Until     Date   `json:"until,omitzero" yaml:"until,omitempty"`
}

// Theme is the look of a project's pages as a handful of tokens.
type Theme struct {
	Hue    int    `json:"hue,omitempty" yaml:"hue,omitempty"`       // degrees of the OKLCH circle, 1-360; 0: the product's own
	Logo   string `json:"logo,omitempty" yaml:"logo,omitempty"`     // resource
	Radius string `json:"radius,omitempty" yaml:"radius,omitempty"` // "", "square" or "round"
}

// ResourceKind says how a resource is shown.
type ResourceKind string

// The kinds of resource.
const (
	KindImage    ResourceKind = "image"
	KindAudio    ResourceKind = "audio"
	KindVideo    ResourceKind = "video"
	KindPDF      ResourceKind = "pdf"
	KindDownload ResourceKind = "download" // a file to take away
	KindForm     ResourceKind = "form"     // a form that several steps share
	KindSnippet  ResourceKind = "snippet"  // a text that several texts include
	KindTable    ResourceKind = "table"    // rows for choices and look-ups
)

// Resource is something steps show or use, named once and used many times.
type Resource struct {
	ID     string       `json:"id" yaml:"id"` // what texts name: ![…](resource:ID)
	Kind   ResourceKind `json:"kind" yaml:"kind"`
	Folder string       `json:"folder,omitempty" yaml:"folder,omitempty"`
	Name   Text         `json:"name,omitzero" yaml:"name,omitempty"`
	Alt    Text         `json:"alt,omitzero" yaml:"alt,omitempty"` // what a person who cannot see or hear it is told
	// Files are the contents by language; "" is the one for every language.
	Files map[string]File     `json:"files,omitempty" yaml:"files,omitempty"`
	Form  *Form               `json:"form,omitempty" yaml:"form,omitempty"` // when Kind is form
	Text  Text                `json:"text,omitzero" yaml:"text,omitempty"`  // when Kind is snippet, CommonMark
	Rows  []map[string]string `json:"rows,omitempty" yaml:"rows,omitempty"` // when Kind is table
}

// File is the content of a resource in one language.
type File struct {
	Name string `json:"name" yaml:"name"` // as people gave it, for downloads
	Type string `json:"type" yaml:"type"` // media type, from the content
	Size int64  `json:"size" yaml:"size"` // bytes
	Hash string `json:"hash" yaml:"hash"` // SHA-256 in hex; the content stands under it in files/
}

// Connector is a configured way to call a third party, as the language needs
// to know it: its name. How to reach it is the platform's configuration.
type Connector struct {
	ID   string `json:"id" yaml:"id"`
	Kind string `json:"kind" yaml:"kind"` // rest, soap, ticket, mail or directory
	Name Text   `json:"name,omitzero" yaml:"name,omitempty"`
}
