package procedure

import "slices"

// Project is a set of procedures and resources written together.
type Project struct {
	Schema      int        `json:"schema"`
	UID         string     `json:"uid" is:"uid"`     // stable for life, also across archives
	Alias       string     `json:"alias" is:"alias"` // in addresses, unique in its domain
	Name        Text       `json:"name" is:"text,title"`
	Description Text       `json:"description,omitzero" is:"text"`
	Languages   []string   `json:"languages" is:"language"` // the first is the one texts fall back to
	Categories  []Category `json:"categories,omitempty"`
	News        []News     `json:"news,omitempty"`
	Theme       Theme      `json:"theme,omitzero"`
	Audience    []string   `json:"audience,omitempty" is:"group"` // groups that may see it; none: everyone of the domain
	Public      bool       `json:"public,omitempty"`              // visitors need not sign in
	Settings    Settings   `json:"settings,omitzero"`
	// Folders are the paths of the Studio's tree ("Network/Wifi"), kept so that
	// empty ones survive.
	Folders    []string    `json:"folders,omitempty" is:"folder"`
	Resources  []Resource  `json:"resources,omitempty"`
	Connectors []Connector `json:"connectors,omitempty"`

	// Procedures and Scenarios stand in files of their own in an archive.
	Procedures []*Procedure `json:"procedures,omitempty" is:"apart"`
	Scenarios  []*Scenario  `json:"scenarios,omitempty" is:"apart"`
}

// Settings are the rules a project sets for itself.
type Settings struct {
	GreenScenarios bool   `json:"green_scenarios,omitempty"`                // publish only when every scenario holds
	RetentionDays  int    `json:"retention_days,omitempty" range:"0 36500"` // executions older are erased; 0: the platform's rule
	PostitMail     string `json:"postit_mail,omitempty" is:"word"`          // where post-its are mailed; empty: nowhere
}

// Category groups procedures on the portal.
type Category struct {
	ID     string `json:"id" is:"id"`
	Parent string `json:"parent,omitempty" is:"category"` // id of the category above, if any
	Name   Text   `json:"name" is:"text,title"`
	Icon   string `json:"icon,omitempty" is:"word"` // name of an icon of the interface
	// Audience are the groups that may see what is in it and below; none: as the
	// category above, and the project.
	Audience []string `json:"audience,omitempty" is:"group"`
}

// AudiencesOf lists the audiences of a category and of those above it, the empty
// ones left out: who sees what is in it is in all of them.
func (p *Project) AudiencesOf(category string) (all [][]string) {
	for range p.Categories { // as deep as it may be, even round in a circle
		i := slices.IndexFunc(p.Categories, func(c Category) bool { return c.ID == category && category != "" })
		if i < 0 {
			break
		}
		if c := &p.Categories[i]; len(c.Audience) > 0 {
			all = append(all, c.Audience)
		}
		category = p.Categories[i].Parent
	}
	return all
}

// News is one line of what is new, on the portal's home.
type News struct {
	ID        string `json:"id" is:"id"`
	Title     Text   `json:"title" is:"text,title"`
	Body      Text   `json:"body,omitzero" is:"text,markdown"`   // CommonMark
	Procedure string `json:"procedure,omitempty" is:"procedure"` // UID it leads to, if any
	On        Date   `json:"on,omitzero"`
	Until     Date   `json:"until,omitzero"`
}

// Theme is the look of a project's pages as a handful of tokens.
type Theme struct {
	Hue    int    `json:"hue,omitempty" range:"0 360"`         // degrees of the OKLCH circle, 1-360; 0: the product's own
	Logo   string `json:"logo,omitempty" is:"resource,image"`  // resource
	Radius string `json:"radius,omitempty" one:"square round"` // "", "square" or "round"
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
	ID     string       `json:"id" is:"resource_id"` // what texts name: ![…](resource:ID)
	Kind   ResourceKind `json:"kind"`
	Folder string       `json:"folder,omitempty" is:"folder"`
	Note   string       `json:"note,omitempty" is:"note"` // for writers only
	Name   Text         `json:"name,omitzero" is:"text"`
	Alt    Text         `json:"alt,omitzero" is:"text"` // what a person who cannot see or hear it is told
	// Files are the contents by language; "" is the one for every language.
	Files map[string]File     `json:"files,omitempty"`
	Form  *Form               `json:"form,omitempty"`                            // when Kind is form
	Text  Text                `json:"text,omitzero" is:"text,template,markdown"` // when Kind is snippet, CommonMark
	Rows  []map[string]string `json:"rows,omitempty" is:"note"`                  // when Kind is table
}

// File is the content of a resource in one language.
type File struct {
	Name string `json:"name" is:"word"`            // as people gave it, for downloads
	Type string `json:"type,omitempty" is:"media"` // media type, from the content
	Size int64  `json:"size,omitempty"`            // bytes
	Hash string `json:"hash,omitempty" is:"hash"`  // SHA-256 in hex; the content stands under it in files/
}

// FileOf is the file of a resource that has this content.
func (p *Project) FileOf(hash string) (File, bool) {
	for _, r := range p.Resources {
		for _, f := range r.Files {
			if f.Hash == hash {
				return f, true
			}
		}
	}
	return File{}, false
}

// Connector is a configured way to call a third party, as the language needs
// to know it: its name. How to reach it is the platform's configuration.
type Connector struct {
	ID   string `json:"id" is:"id"`
	Kind string `json:"kind" one:"rest soap ticket mail directory"` // rest, soap, ticket, mail or directory
	Name Text   `json:"name,omitzero" is:"text"`
}
