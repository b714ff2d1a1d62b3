package assets

import "io/fs"

// Messages returns the catalogues of the interface: a folder per language,
// named by its tag, of text files.
func Messages() fs.FS {
	sub, err := fs.Sub(files, "messages")
	if err != nil {
		panic("assets: " + err.Error()) // the folder is embedded
	}
	return sub
}
