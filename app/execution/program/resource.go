package program

import (
	"net/url"
	"time"

	"selfhelp/app/procedure"
	"selfhelp/app/richtext"
)

// FileURL is the local address of a stored file: what the web serves and what
// texts, images and downloads name.
func FileURL(hash, name string) string {
	return "/files/" + hash + "/" + url.PathEscape(name)
}

// Resource returns the resource with an id, nil when there is none.
func (p *Program) Resource(id string) *procedure.Resource {
	for i := range p.Project.Resources {
		if p.Project.Resources[i].ID == id {
			return &p.Project.Resources[i]
		}
	}
	return nil
}

// resolver finds resources for the texts of one language on one day.
func (p *Program) resolver(lang string, now time.Time) richtext.Resolver {
	langs := append([]string{lang}, p.Project.Languages...)
	return func(id string) (richtext.Resource, bool) {
		r := p.Resource(id)
		if r == nil {
			return richtext.Resource{}, false
		}
		alt, _ := PickText(r.Alt, now, langs)
		name, _ := PickText(r.Name, now, langs)
		snippet, _ := PickText(r.Text, now, langs)
		out := richtext.Resource{Kind: string(r.Kind), Alt: alt, Name: name, Snippet: snippet}
		if f, ok := FileIn(r, langs); ok {
			out.URL, out.Type, out.Size = FileURL(f.Hash, f.Name), f.Type, f.Size
			if out.Name == "" {
				out.Name = f.Name
			}
		}
		return out, true
	}
}

// FileIn returns the content of a resource in the best of the languages.
func FileIn(r *procedure.Resource, langs []string) (procedure.File, bool) {
	for _, l := range langs {
		if f, ok := r.Files[l]; ok {
			return f, true
		}
	}
	f, ok := r.Files[""]
	return f, ok
}
