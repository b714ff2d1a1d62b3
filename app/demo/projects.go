package demo

import (
	"fmt"
	"io/fs"

	"selfhelp/app/transfer"
	"selfhelp/assets"
)

// The folders of the projects, also their aliases.
const (
	HelpDesk   = "it-help-desk"
	Onboarding = "hr-onboarding"
	FirstSteps = "first-steps"
)

// Open reads one of the projects the binary carries.
func Open(alias string) (*transfer.Archive, error) {
	files, err := fs.Sub(assets.Demo(), alias)
	if err != nil {
		return nil, fmt.Errorf("open demo project %s: %w", alias, err)
	}
	tree, err := transfer.OpenFS(files, transfer.Usual)
	if err != nil {
		return nil, fmt.Errorf("open demo project %s: %w", alias, err)
	}
	archive, err := transfer.Read(tree)
	if err != nil {
		return nil, fmt.Errorf("read demo project %s: %w", alias, err)
	}
	return archive, nil
}
