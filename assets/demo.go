package assets

import (
	"embed"
	"io/fs"
)

//go:embed demo
var demo embed.FS

// Demo returns the projects that a demonstration begins with, each a folder
// laid out as an archive.
func Demo() fs.FS {
	sub, err := fs.Sub(demo, "demo")
	if err != nil {
		panic("assets: " + err.Error()) // only for a malformed name, and ours is not
	}
	return sub
}
