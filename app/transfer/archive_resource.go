package transfer

import (
	"errors"
	"maps"
	"slices"

	"selfhelp/app/fault"
	"selfhelp/app/procedure"
)

// resources looks at the contents of every resource and completes what the
// project says of them; a file that was promised and is not there is a problem.
func (r *reader) resources() error {
	seen := map[string]map[string]bool{} // id → languages
	for _, e := range r.contents {
		if r.found.full() {
			return nil
		}
		id, lang := stem(e.name)
		if seen[id][lang] {
			r.found.add(e.name, 0, "transfer.resource.twice", id)
			continue
		}
		if seen[id] == nil {
			seen[id] = map[string]bool{}
		}
		seen[id][lang] = true
		if err := r.resource(e, id, lang); err != nil {
			return err
		}
	}
	for _, res := range r.archive.Project.Resources {
		for _, lang := range slices.Sorted(maps.Keys(res.Files)) {
			if !seen[res.ID][lang] {
				r.found.add(projectFile, 0, "transfer.resource.missing", resourceName(res.ID, lang, res.Files[lang]))
			}
		}
	}
	return nil
}

// resource looks at the contents of one resource in one language.
func (r *reader) resource(e entry, id, lang string) error {
	res := resourceWith(r.archive.Project, id)
	switch {
	case res == nil && !r.hasProject:
		return nil // said once, about the project
	case res == nil:
		r.found.add(e.name, 0, "transfer.resource.unknown", id)
		return nil
	case !holdsFiles(res.Kind):
		r.found.add(e.name, 0, "transfer.resource.nofile", id, string(res.Kind))
		return nil
	}
	contents, err := r.tree.open(e, r.tree.limits.Resource)
	if err != nil {
		return r.unreadable(e, err)
	}
	defer contents.Close()
	file, err := Examine(e.name, res.Kind, contents)
	if _, ours := errors.AsType[*fault.Error](err); ours {
		key, args := fault.TextOf(err)
		r.found.add(e.name, 0, key, args...)
		return nil
	}
	if err != nil {
		return r.unreadable(e, err)
	}
	r.keep(e, res, lang, file)
	return nil
}

// keep completes the resource with what was found in its contents.
func (r *reader) keep(e entry, res *procedure.Resource, lang string, file procedure.File) {
	declared := res.Files[lang]
	if declared.Hash != "" && declared.Hash != file.Hash {
		r.found.add(e.name, 0, "transfer.resource.hash")
		return
	}
	if declared.Name != "" {
		if unsafeName(declared.Name) != "" || declared.Name != base(declared.Name) {
			r.found.add(projectFile, 0, "transfer.resource.name", printable(declared.Name))
			return
		}
		file.Name = declared.Name
	}
	if res.Files == nil {
		res.Files = map[string]procedure.File{}
	}
	res.Files[lang] = file
	r.archive.contents[file.Hash] = e
}

func resourceWith(p *procedure.Project, id string) *procedure.Resource {
	for i := range p.Resources {
		if p.Resources[i].ID == id {
			return &p.Resources[i]
		}
	}
	return nil
}

// holdsFiles tells the kinds of resource that are files from those that are
// written in the project itself.
func holdsFiles(kind procedure.ResourceKind) bool {
	switch kind {
	case procedure.KindForm, procedure.KindSnippet, procedure.KindTable:
		return false
	}
	return true
}

// resourceName is the name that the contents of a resource have in an archive.
func resourceName(id, lang string, f procedure.File) string {
	name := resourcesDir + "/" + id
	if lang != "" {
		name += "." + lang
	}
	ext := extension(f.Name)
	if t := typeNamed(f.Type); t.media != "" && !slices.Contains(t.exts, ext) {
		ext = t.exts[0]
	}
	if ext == "" {
		ext = "bin"
	}
	return name + "." + ext
}
