package entry

import (
	"slices"
	"strings"
)

// File is a reference to a file that the driver has stored.
type File struct {
	Name string `json:"name"`
	Type string `json:"type"` // media type, from the content
	Size int64  `json:"size"` // bytes
	Hash string `json:"hash"` // SHA-256 in hex
}

// unsafeTypes are media types that a browser could run; files of them are
// taken only when the writer asks for exactly that type.
var unsafeTypes = []string{"text/html", "application/xhtml+xml", "image/svg+xml", "text/javascript", "application/javascript", "application/x-msdownload", "application/x-sh"}

// FileValue is a file reference as formulas see it.
func FileValue(f File) map[string]any {
	return map[string]any{"name": f.Name, "type": f.Type, "size": float64(f.Size), "hash": f.Hash}
}

// FileOf reads a file reference back from a value.
func FileOf(v any) (File, bool) {
	m, ok := v.(map[string]any)
	if !ok {
		return File{}, false
	}
	f := File{}
	f.Name, _ = m["name"].(string)
	f.Type, _ = m["type"].(string)
	f.Hash, _ = m["hash"].(string)
	size, _ := m["size"].(float64)
	f.Size = int64(size)
	return f, f.Hash != ""
}

// FilesOf reads file references from a value: one or a list.
func FilesOf(v any) []File {
	if f, ok := FileOf(v); ok {
		return []File{f}
	}
	items, _ := v.([]any)
	var files []File
	for _, item := range items {
		if f, ok := FileOf(item); ok {
			files = append(files, f)
		}
	}
	return files
}

// FileValues is a list of files as formulas see it, and their names.
func FileValues(files []File) (value []any, names []string) {
	value = make([]any, len(files))
	for i, f := range files {
		value[i] = FileValue(f)
		names = append(names, f.Name)
	}
	return value, names
}

// FileName makes a name that is one part of a path, of a bearable length.
func FileName(name string) string {
	name = CleanLine(name)
	if i := strings.LastIndexAny(name, `/\`); i >= 0 {
		name = name[i+1:]
	}
	name = strings.Map(func(c rune) rune {
		if strings.ContainsRune("<>:\"|?*", c) {
			return '_'
		}
		return c
	}, name)
	name = strings.TrimLeft(Short(name, 120), ". ")
	if name == "" {
		return "file"
	}
	return name
}

// RefusesFile returns the message key of what is wrong with a file, "" for
// nothing.
func RefusesFile(f File, types []string, most int64) string {
	media, _, _ := strings.Cut(strings.ToLower(f.Type), ";")
	media = strings.TrimSpace(media)
	switch {
	case len(f.Hash) != 64 || strings.Trim(f.Hash, "0123456789abcdef") != "":
		return "files.unknown"
	case f.Size <= 0:
		return "files.empty"
	case f.Size > most:
		return "files.too_large"
	case len(types) == 0 && slices.Contains(unsafeTypes, media):
		return "files.type"
	case len(types) > 0 && !slices.ContainsFunc(types, func(t string) bool { return isType(media, t) }):
		return "files.type"
	}
	return ""
}

// isType reports whether a media type is the wanted one, which may be like
// image/*. A star does not mean the types that browsers run.
func isType(media, wanted string) bool {
	wanted = strings.ToLower(strings.TrimSpace(wanted))
	if wanted == media {
		return true
	}
	if slices.Contains(unsafeTypes, media) {
		return false
	}
	family, ok := strings.CutSuffix(wanted, "/*")
	return wanted == "*/*" || ok && strings.HasPrefix(media, family+"/")
}
