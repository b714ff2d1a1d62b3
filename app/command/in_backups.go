package command

import (
	"selfhelp/app/config"
	"selfhelp/store/backup"
)

// InBackups finds where a content stands whole in the backups that settings name, as people
// read it; nil where they name none. A folder that is away holds nothing.
func InBackups(c config.Config) func(hash string) string {
	if c.Backup == "" {
		return nil
	}
	return func(hash string) string {
		path, name, err := backup.Folder{Root: c.Backup}.Holding(hash)
		if err != nil || path == "" {
			return ""
		}
		return name + " (" + path + ")"
	}
}
