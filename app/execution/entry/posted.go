package entry

import "slices"

// Posted is an answer as a page posts it. Answers given as values are turned
// into it first, so that one way only decides what is accepted.
type Posted struct {
	Values  map[string][]string
	Files   map[string][]File
	Strange []string // names of an object that no field has
	Whole   bool     // it came as a value: what it leaves out is not there, and was not forgotten by a page
}

// maxPosted bounds what one answer may hold, in bytes.
const maxPosted = 32 << 10

// First returns the first value of a name.
func (p *Posted) First(name string) string {
	if v := p.Values[name]; len(v) > 0 {
		return v[0]
	}
	return ""
}

// TooMuch reports whether an answer is larger than any page asks for.
func (p *Posted) TooMuch() bool {
	total := 0
	for name, values := range p.Values {
		for _, v := range values {
			total += len(name) + len(v)
		}
	}
	return total > maxPosted || len(p.Values) > 2000
}

// Only keeps the names a page asks for: what else was posted is not stored.
func (p *Posted) Only(names ...string) *Posted {
	out := &Posted{Values: make(map[string][]string, len(names)), Files: p.Files, Whole: p.Whole}
	for _, name := range names {
		if v, ok := p.Values[name]; ok {
			out.Values[name] = v
		}
	}
	return out
}

// TextsOf writes an answer given as a value the way a page would post it.
func TextsOf(v any) []string {
	items, ok := v.([]any)
	if !ok {
		return []string{MachineText(v)}
	}
	texts := make([]string, len(items))
	for i, item := range items {
		texts[i] = MachineText(item)
	}
	return texts
}

// Sent returns the files of an answer: those sent before that were left in
// place, after them those just sent, each once.
func (p *Posted) Sent(before *Posted, name, kept string) []File {
	var files []File
	if before != nil {
		for _, f := range before.Files[name] {
			if slices.Contains(p.Values[kept], f.Hash) {
				files = append(files, f)
			}
		}
	}
	for _, f := range p.Files[name] {
		f.Name = FileName(f.Name)
		if !slices.ContainsFunc(files, func(g File) bool { return g.Hash == f.Hash }) {
			files = append(files, f)
		}
	}
	return files
}
