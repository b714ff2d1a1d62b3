package assets

import (
	"embed"
	"io/fs"
	"path"
	"strings"
)

//go:embed guide
var guide embed.FS

// Chapter is a chapter of the operator's guide.
type Chapter struct {
	Name  string // as addresses and commands call it
	Title string
	Text  string // CommonMark, without the title
}

// chapters are the names of the chapters in the order in which they are read.
var chapters = []string{"start", "copy", "backup", "restore", "second-site", "servers", "status", "install", "odd"}

// Guide returns the operator's guide in a language, in English where there is none
// in that one.
func Guide(language string) (all []Chapter) {
	if _, err := fs.Stat(guide, path.Join("guide", language)); err != nil {
		language = "en"
	}
	for _, name := range chapters {
		b, err := guide.ReadFile(path.Join("guide", language, name+".md"))
		if err != nil {
			panic("assets: " + err.Error()) // the files are embedded
		}
		title, text, _ := strings.Cut(string(b), "\n")
		all = append(all, Chapter{Name: name, Title: strings.TrimPrefix(title, "# "), Text: strings.TrimSpace(text)})
	}
	return all
}
